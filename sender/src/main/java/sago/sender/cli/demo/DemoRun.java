package sago.sender.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sago.common.cli.ExitCodes;
import sago.common.cli.Units;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;

/** One demonstration, step by step, each with its figures. Confined to one thread. */
final class DemoRun {
    private static final String SITE = "demo";
    private static final Pattern STORED = Pattern.compile("-> (\\S+ \\S+)");
    private static final Pattern VERIFIED = Pattern.compile("demo (hashed .*)");
    private static final Pattern OPENED = Pattern.compile("opened (session, .*)");
    private static final Pattern RECEIPTS = Pattern.compile("receipts \\S+ (\\d+/\\d+)");

    private final DemoFolder folder;
    private final DemoSource source;
    private final Clock clock;
    private final PrintStream out;
    private final SagoProcess sago;
    private final String dataset;
    private final String passphrase;
    private boolean good = true;

    DemoRun(DemoFolder folder, DemoSource source, Path launcher, Clock clock, PrintStream out) {
        this.folder = folder;
        this.source = source;
        this.clock = clock;
        this.out = out;
        this.dataset = "demo-" + randomHex();
        this.passphrase = "passphrase-" + randomHex();
        this.sago = new SagoProcess(
                launcher,
                Map.of(
                        "SAGO_CONFIG",
                        "/dev/null",
                        "SAGO_HOME",
                        folder.home().toString(),
                        "SAGO_PASSPHRASE_FILE",
                        folder.passphraseFile().toString()));
    }

    private static String randomHex() {
        byte[] bytes = new byte[8];
        KernelRandom.create().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** @return whether everything came back as it was and the site knows nothing */
    boolean run() throws IOException, InterruptedException {
        String address = "127.0.0.1:" + freePort();
        folder.writePassphrase(passphrase);
        sago.run(List.of(
                "receiver",
                "init",
                "--dir",
                folder.site().toString(),
                "--name",
                SITE,
                "--jurisdiction",
                "SG",
                "--listen",
                address,
                "--request-out",
                folder.request().toString()));
        sago.run(List.of("init", "--kit-out", folder.kit().toString()));
        sago.run(List.of(
                "site",
                "add",
                folder.request().toString(),
                "--address",
                address,
                "--yes",
                "--grant-out",
                folder.grant().toString()));
        sago.run(List.of(
                "receiver",
                "grant",
                folder.grant().toString(),
                "--dir",
                folder.site().toString()));
        try (SagoProcess.Daemon receiver =
                sago.start(List.of("receiver", "run", "--dir", folder.site().toString()))) {
            out.printf(
                    "demo: %s (%s, %s) -> receiver %s (pid %d, mutual TLS 1.3, X25519MLKEM768 first)%n",
                    source.name(),
                    Units.count(source.files(), "file"),
                    Units.bytes(source.bytes()),
                    SITE,
                    receiver.pid());
            long startedMs = clock.wallMs() - 10;
            backUp();
            backUpAgain();
            verify();
            restoreAndCompare(startedMs);
            blind();
            int exit = receiver.stop();
            if (exit != ExitCodes.OK) {
                fail("the receiver ended with exit code " + exit);
            }
        }
        out.println(good ? "all good. next: bin/sago init" : "NOT good: see above");
        return good;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<String> backupCommand() {
        List<String> command = new ArrayList<>(List.of("backup", "--dataset", dataset));
        source.paths().forEach(path -> command.add(path.toString()));
        command.add(folder.planted().toString());
        return command;
    }

    private void backUp() throws IOException, InterruptedException {
        long started = clock.monotonicNs();
        String summary = String.join("\n", sago.run(backupCommand(), ExitCodes.SOURCE_UNREADABLE));
        long took = clock.monotonicNs() - started;
        step(
                "backup",
                took,
                Units.rate(source.bytes(), took) + "   " + Units.bytes(source.bytes()) + " -> " + group(STORED, summary)
                        + "   receipts " + group(RECEIPTS, summary));
    }

    private void backUpAgain() throws IOException, InterruptedException {
        long before = DemoFolder.bytesBelow(folder.site());
        long started = clock.monotonicNs();
        sago.run(backupCommand(), ExitCodes.SOURCE_UNREADABLE);
        long took = clock.monotonicNs() - started;
        long grown = DemoFolder.bytesBelow(folder.site()) - before;
        step("again", took, "unchanged files are not read; the site grew by " + Units.bytes(Math.max(0, grown)));
    }

    private void verify() throws IOException, InterruptedException {
        long started = clock.monotonicNs();
        List<String> said = sago.run(List.of("verify"));
        String text = String.join("\n", said);
        step("verify", clock.monotonicNs() - started, "the site " + group(VERIFIED, text));
        out.printf("  %-15s   the key holder opened %s%n", "", group(OPENED, text));
    }

    private void restoreAndCompare(long startedMs) throws IOException, InterruptedException {
        long started = clock.monotonicNs();
        sago.run(List.of(
                "restore",
                "latest",
                "--dataset",
                dataset,
                "--target",
                folder.restored().toString()));
        long took = clock.monotonicNs() - started;
        long compareStarted = clock.monotonicNs();
        TreeComparison comparison = new TreeComparison(folder.restored(), startedMs, isRoot());
        for (Path path : source.paths()) {
            comparison.compare(path);
        }
        comparison.compare(folder.planted());
        TreeComparison.Outcome outcome = comparison.outcome();
        step(
                "restore",
                took,
                Units.rate(source.bytes(), took) + "   " + Units.count(outcome.files(), "file") + ", "
                        + (outcome.identical() ? "identical" : "NOT identical"));
        step(
                "compare",
                clock.monotonicNs() - compareStarted,
                Units.count(outcome.entries()) + " entries: type, mode, "
                        + (isRoot() ? "owner, " : "") + "time to the nanosecond, links, " + Units.bytes(outcome.bytes())
                        + " byte for byte" + aside(outcome.changed(), "changed meanwhile, not judged")
                        + aside(outcome.unreadable(), "not readable for this user"));
        if (!outcome.identical()) {
            outcome.differences().forEach(line -> out.println("    " + line));
            fail(Units.count(outcome.differing(), "difference"));
        }
    }

    private static String aside(long count, String what) {
        return count == 0 ? "" : " (" + Units.count(count) + " " + what + ")";
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Looks for what only home may know: planted words and names, the dataset's name, the passphrase. */
    private void blind() throws IOException {
        WordSearch planted = new WordSearch(folder.words());
        int control = planted.findBelow(folder.planted()).size();
        int found = planted.findBelow(folder.site()).size();
        Set<String> secrets = new WordSearch(List.of(dataset, passphrase)).findBelow(folder.site());
        out.printf(
                "  site blind: %d of %d planted words found at the receiver (the same search finds %d at the source)%n",
                found, folder.words().size(), control);
        out.printf(
                "  the site can see: %s in %d files of a few fixed sizes, when they came, signed stubs and grants%n",
                Units.bytes(DemoFolder.bytesBelow(folder.site())), packs());
        if (control != folder.words().size()) {
            fail("the search does not find what was planted");
        }
        if (found > 0 || !secrets.isEmpty()) {
            fail("the site can read what it must not: " + secrets);
        }
    }

    private long packs() throws IOException {
        try (var files = Files.walk(folder.site())) {
            return files.filter(file -> file.toString().endsWith(".pack")).count();
        }
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "?";
    }

    private void step(String what, long tookNs, String figures) {
        out.printf("  %-8s %6s   %s%n", what, Units.duration(tookNs), figures);
        out.flush();
    }

    private void fail(String why) {
        out.println("  FAILED: " + why);
        good = false;
    }
}
