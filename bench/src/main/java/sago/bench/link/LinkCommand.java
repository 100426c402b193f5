package sago.bench.link;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.common.fault.FaultException;
import sago.common.time.Clock;
import sago.sender.keys.SiteAddress;

/** {@code sago bench link}: over a relay on this machine, or with {@code serve} and {@code run} between two hosts. */
@Command(
        name = "link",
        mixinStandardHelpOptions = true,
        description = {
            "What a link carries, by number of connections and window, over the sockets, TLS and frames of the product; its round trip, and what limits it.",
            "Between two hosts: `serve` on one, `run` on the other. On one host: --relay."
        },
        subcommands = {LinkCommand.Serve.class, LinkCommand.Run.class},
        footer = {
            "",
            "Example:  bin/sago bench link serve --listen 0.0.0.0:7450         at the site",
            "          bin/sago bench link run sg.example.org:7450             at home",
            "          bin/sago bench link --relay 200,1000 --streams 1,4,16   on one host, 200 ms and 1 Gbit/s"
        })
public final class LinkCommand implements Callable<Integer> {
    private static final int THREADS = 2;
    private static final Pattern RELAY = Pattern.compile("([0-9]{1,5})(?:ms)?,([0-9]{1,6})");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--relay",
            paramLabel = "RTT_MS,MBIT",
            description = {
                "Measure on this host, through a relay with this round trip and rate. It delays and limits, but loses nothing:",
                "for loss use a packet-level link (tc netem, or bench/wan-check)."
            })
    private @Nullable String relay;

    @Mixin
    private LinkOptions options;

    private final PrintStream terminal = System.out;
    private final Clock clock = Clock.system();

    @Override
    public Integer call() throws IOException {
        if (relay == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "which link? `link run HOST:PORT` to where `link serve` runs, or --relay RTT_MS,MBIT");
        }
        Matcher written = RELAY.matcher(relay);
        if (!written.matches()
                || Long.parseLong(written.group(2)) == 0
                || Integer.parseInt(written.group(1)) > 60_000) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--relay: '" + relay + "' is no round trip in ms and rate in Mbit/s, such as 200,1000");
        }
        LinkOptions checked = checked(spec, options);
        long rttMs = Long.parseLong(written.group(1));
        long mbit = Long.parseLong(written.group(2));
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("relay_rtt_s", rttMs / 1e3);
        where.put("relay_bytes_per_s", mbit * 1_000_000 / 8);
        // A round trip of nothing is still a line that all connections share.
        Relay.Link link = new Relay.Link(mbit * 1_000_000 / 8, Math.max(1, TimeUnit.MILLISECONDS.toNanos(rttMs)));
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LinkServer server = LinkServer.start(any, THREADS, clock);
                Relay between = Relay.start(0, server.address(), link, clock);
                LinkLoad load = new LinkLoad(between.address(), THREADS, clock)) {
            new LinkMeasurement(checked, link.bytesPerS(), terminal, clock).run(load, where);
        }
        return 0;
    }

    private static LinkOptions checked(CommandSpec spec, LinkOptions options) {
        try {
            return options.check();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static SiteAddress address(CommandSpec spec, String text) {
        try {
            return SiteAddress.parse(text);
        } catch (FaultException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** {@code sago bench link serve}. */
    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description = {
                "Take what `bench link run` sends, until stopped. Nothing is stored. Anybody who reaches the address may send:",
                "stop it when the measurement is done."
            },
            footer = "%nExample: bin/sago bench link serve --listen 0.0.0.0:7450")
    static final class Serve implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--listen", required = true, paramLabel = "HOST:PORT", description = "Address to listen on.")
        private String listen;

        private final PrintStream terminal = System.out;

        @Override
        public Integer call() throws IOException, InterruptedException {
            SiteAddress at = address(spec, listen);
            try (LinkServer server =
                    LinkServer.start(new InetSocketAddress(at.host(), at.port()), THREADS, Clock.system())) {
                terminal.println("link server ready on " + at + ", congestion control over distance "
                        + server.congestionControl());
                server.awaitEnd();
            }
            return 0;
        }
    }

    /** {@code sago bench link run}. */
    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Measure the link to where `bench link serve` runs.",
            footer = "%nExample: bin/sago bench link run sg.example.org:7450 --streams 4,8,16,32")
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "HOST:PORT", description = "Where `bench link serve` listens.")
        private String to;

        @Mixin
        private LinkOptions options;

        private final PrintStream terminal = System.out;
        private final Clock clock = Clock.system();

        @Override
        public Integer call() throws IOException {
            LinkOptions checked = checked(spec, options);
            SiteAddress at = address(spec, to);
            InetSocketAddress resolved = new InetSocketAddress(at.host(), at.port());
            if (resolved.isUnresolved()) {
                throw new IOException("no such host: " + at.host());
            }
            Map<String, Object> where = new LinkedHashMap<>();
            where.put("to", at.toString());
            try (LinkLoad load = new LinkLoad(resolved, THREADS, clock)) {
                new LinkMeasurement(checked, 0, terminal, clock).run(load, where);
            }
            return 0;
        }
    }
}
