package sago.receiver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.durable.Disk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.Fingerprint;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.receiver.node.SiteFolder;

/** {@code grant}: tells the site which home it belongs to. */
@Command(
        name = "grant",
        description = {
            "Give this site to a home: takes what sago site add printed there. Compare the words that both sides show."
        },
        footer = {"", "Example:  sago receiver grant sago-grant1:b0Lk… --dir /srv/sago"})
final class GrantCommand implements Callable<Integer> {
    /** Longer than any grant text. */
    private static final int TEXT_BYTES_MAX = 16 << 10;

    @Parameters(
            index = "0",
            paramLabel = "GRANT",
            description = "The grant: its text, a file that holds it, or - for stdin.")
    private String grant = "";

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Folder of the site.")
    private Path dir = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        String text = text();
        try (SiteFolder folder = SiteFolder.open(Disk.real(), dir)) {
            GrantPinTerms pin = folder.pin(text);
            Output out = OutputOwner.outputOf(spec);
            String home = Fingerprint.words(pin.homeFingerprint());
            out.line("home      " + home);
            out.message(MessageType.SUMMARY, fields -> fields.put("home", home).put("dir", dir.toString()));
            out.next("compare these words with those at home, then sago receiver run --dir " + dir);
            return ExitCodes.OK;
        }
    }

    private String text() throws IOException {
        if (grant.startsWith(GrantPins.PREFIX)) {
            return grant;
        }
        if (grant.equals("-")) {
            return read(System.in);
        }
        Path file = Path.of(grant);
        if (!Files.isRegularFile(file)) {
            throw new FaultException(
                    Fault.USAGE,
                    "'" + grant + "' is neither a grant (" + GrantPins.PREFIX + "…) nor a file that holds one");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readNBytes(TEXT_BYTES_MAX), StandardCharsets.UTF_8).strip();
    }
}
