package sago.sender.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.Fingerprint;
import sago.common.trust.GrantPins;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteRequests;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.Vault;

/** {@code sago site add}: pins a site and grants it membership. */
@Command(
        name = "add",
        description = {
            "Enrol a site from the request that `sago receiver init` printed there.",
            "Compare the four words with those at the site, over another channel than the request came by."
        },
        footer = {"", "Example:  sago site add sago-req1:q8Zt… --address sg.example:7443 --class internal"})
final class SiteAddCommand extends HomeCommand {
    static final String DEFAULT_CLASS = "internal";

    @Parameters(
            paramLabel = "REQUEST",
            description = "The text sago-req1:…, a file that holds it, or - for standard input.")
    private String request = "";

    @Option(
            names = "--address",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where home reaches the site.")
    private String address = "";

    @Option(
            names = "--class",
            paramLabel = "C",
            description = "A data class that may be stored there; may be repeated. Default: internal.")
    private List<String> classes = List.of();

    @Option(names = "--grant-out", paramLabel = "FILE", description = "Write the grant to FILE too.")
    private @Nullable Path grantOut;

    @Option(names = "--yes", description = "The words were compared already: do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SiteRequestTerms terms = SiteRequests.parse(TextArgument.read(request, SiteRequests.PREFIX, sago().in()));
        SiteAddress at = SiteAddress.parse(address);
        HomeContext context = context();
        say("site " + terms.name() + ", " + terms.jurisdiction() + ", identity "
                + Fingerprint.words(terms.identityFingerprint()) + ", at " + at);
        confirm();
        requireHome(context);
        String grant = locked(context, () -> enrol(context, terms, at));
        say("grant     " + grant);
        if (grantOut != null) {
            byte[] text = (grant + "\n").getBytes(StandardCharsets.UTF_8);
            sago().files().atomicWrite(grantOut.toAbsolutePath(), text, FileAccess.READABLE);
        }
        next("at the site, sago receiver grant " + (grantOut == null ? "sago-grant1:…" : grantOut.toString())
                + " --dir …, then sago receiver run --dir …");
        return 0;
    }

    private String enrol(HomeContext context, SiteRequestTerms terms, SiteAddress at)
            throws IOException, InterruptedException {
        try (Vault vault = openVault(context)) {
            List<String> allowed = classes.isEmpty() ? List.of(DEFAULT_CLASS) : List.copyOf(classes);
            String grant = GrantPins.text(vault.addSite(terms, at, allowed));
            String home = Fingerprint.words(vault.identity().fingerprint());
            say("home      " + home);
            say("classes   " + String.join(", ", allowed));
            summary(fields -> fields.put("site", terms.name())
                    .put("jurisdiction", terms.jurisdiction())
                    .put("identity", Fingerprint.words(terms.identityFingerprint()))
                    .put("address", at.toString())
                    .put("home", home)
                    .list("classes", allowed)
                    .put("grant", grant));
            return grant;
        }
    }

    private void confirm() throws FaultException {
        if (yes) {
            return;
        }
        if (output().json() || !sago().terminal().isPresent()) {
            throw new FaultException(
                    Fault.USAGE, "compare these words with those at the site, then run the same command with --yes");
        }
        if (!sago().terminal().askYes("Same words there?")) {
            throw new FaultException(
                    Fault.PEER_REFUSED, "not added: if the words differ, this is not the request that the site made");
        }
    }
}
