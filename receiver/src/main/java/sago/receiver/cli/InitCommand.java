package sago.receiver.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sago.common.cli.ExitCodes;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.sign.Fingerprint;
import sago.common.time.Clock;
import sago.receiver.node.ListenAddress;
import sago.receiver.node.SiteFolder;

/** {@code init}: makes a site folder and the request with which home adds it. */
@Command(
        name = "init",
        description = {
            "Make the folder of a new site with its own keys, which never leave it, and print the request for home."
        },
        footer = {"", "Example:  sago receiver init --dir /srv/sago --name sg --jurisdiction SG --listen 0.0.0.0:7443"})
final class InitCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the site, on the disk that is to hold the backups.")
    private Path dir = Path.of("");

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Short name of the site, such as sg.")
    private String name = "";

    @Option(
            names = "--jurisdiction",
            required = true,
            paramLabel = "CC",
            description = "Country whose law holds there: two capitals of ISO 3166, such as SG.")
    private String jurisdiction = "";

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Address to listen on; port 0 takes any free one.")
    private String listen = "";

    @Option(names = "--request-out", paramLabel = "FILE", description = "Write the request to a file too.")
    private @Nullable Path requestOut;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        SiteFolder.Description description =
                new SiteFolder.Description(name, jurisdiction, ListenAddress.parse(listen));
        try (SiteFolder folder = SiteFolder.create(Disk.real(), dir, description, Clock.system(), new SecureRandom())) {
            String request = folder.requestText();
            String shown = request;
            if (requestOut != null) {
                new DurableFiles(Disk.real())
                        .atomicWrite(
                                requestOut, (request + "\n").getBytes(StandardCharsets.UTF_8), FileAccess.READABLE);
                shown = requestOut.toString();
            }
            Output out = OutputOwner.outputOf(spec);
            String identity = Fingerprint.words(folder.identity().fingerprint());
            out.line("identity  " + identity);
            out.line("request   " + request);
            out.message(
                    MessageType.SUMMARY,
                    fields -> fields.put("site", name)
                            .put("jurisdiction", jurisdiction)
                            .put("dir", dir.toString())
                            .put("identity", identity)
                            .put("request", request));
            out.next("at home, sago site add " + shown + " --address " + name + ".example:"
                    + folder.listen().port());
            return ExitCodes.OK;
        }
    }
}
