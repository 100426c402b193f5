package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.Fingerprint;
import sago.sender.keys.HomeContext;
import sago.sender.keys.NewSender;
import sago.sender.keys.Vault;
import sago.sender.node.GrantNotices;
import sago.sender.node.HomeNode;

/** {@code sago sender add}: hands a dataset to a host without a vault. */
@Command(
        name = "add",
        description = {
            "Make a sender for a host of its own, and grant it a dataset, whoever backed that up before.",
            "FILE holds the private keys of that sender, and none that opens data. Bring it over a safe channel, run"
                    + " `sago sender join FILE` there, compare the four words of home, and delete FILE.",
            "A name that is known needs --replace: it gets fresh keys for all its datasets, and the former ones are shut out."
        },
        footer = {"", "Example:  sago sender add web1 --dataset users --out /media/usb/web1.sender"})
final class SenderAddCommand extends HomeCommand {
    @Parameters(paramLabel = "NAME", description = "How the sender is called.")
    private String name = "";

    @Option(names = "--dataset", required = true, paramLabel = "D", description = "What it backs up from now on.")
    private String dataset = "";

    @Option(names = "--class", paramLabel = "C", description = "Data class of a dataset that is to be made.")
    private @Nullable String dataClass;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where its keys are written to, readable by their owner only. Never overwrites.")
    private Path out = Path.of("");

    @Option(names = "--replace", description = "The sender is known: give it fresh keys.")
    private boolean replace;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        Path file = out.toAbsolutePath();
        if (Files.exists(file)) {
            throw new FaultException(Fault.USAGE, out + " exists already: keys never overwrite a file");
        }
        if (file.getParent() == null || !Files.isDirectory(file.getParent())) {
            throw new FaultException(Fault.USAGE, "no folder for " + out + ": make it first");
        }
        return locked(context, () -> add(context, file));
    }

    private int add(HomeContext context, Path file) throws IOException, InterruptedException {
        try (Vault vault = openVault(context);
                HomeNode node = node(context)) {
            NewSender sender = vault.addSender(name, dataset, dataClass, replace);
            write(file, sender);
            String home = Fingerprint.words(vault.identity().fingerprint());
            say("home      " + home);
            say("sender    " + sender.name() + ", keys written to " + out
                    + ": bring it over a safe channel, then delete it");
            GrantNotices notices = new GrantNotices(node, vault.sites());
            List<String> missed = new ArrayList<>();
            for (NewSender.Grant grant : sender.grants()) {
                say("dataset   " + grant.dataset().name() + " ("
                        + grant.dataset().dataClass() + "), " + came(grant));
                notices.show(grant.terms(), grant.credential()).stream()
                        .filter(outcome -> outcome.missed() != null)
                        .map(GrantNotices.Outcome::site)
                        .filter(site -> !missed.contains(site))
                        .forEach(missed::add);
            }
            summary(fields -> fields.put("sender", sender.name())
                    .put("file", out.toString())
                    .put("home", home)
                    .list(
                            "datasets",
                            sender.grants(),
                            (one, grant) -> one.put("dataset", grant.dataset().name())
                                    .put("class", grant.dataset().dataClass())
                                    .put("new", grant.fresh()))
                    .list("sites_not_reached", missed));
            if (!missed.isEmpty()) {
                say("later     " + String.join(", ", missed)
                        + ": not reached now. Until the new sender comes there, a former" + " one is not refused");
            }
        }
        next("at the host, sago sender join " + out.getFileName() + " --home H");
        return 0;
    }

    private void write(Path file, NewSender sender) throws IOException {
        try {
            sago().files().atomicWrite(file, sender.bundle().toByteArray(), FileAccess.PRIVATE);
        } catch (IOException e) {
            throw new FaultException(
                    Fault.DISK,
                    "the keys of " + sender.name() + " could not be written to " + out + " (" + e.getMessage()
                            + ") and are gone: run it again with --replace",
                    e);
        }
    }

    private String came(NewSender.Grant grant) {
        if (grant.fresh()) {
            return "new";
        }
        String before = grant.dataset().sender();
        if (before.isEmpty()) {
            return "until now home's own: home backs it up no more";
        }
        return before.equals(name) ? "its keys are new" : "until now of sender " + before;
    }
}
