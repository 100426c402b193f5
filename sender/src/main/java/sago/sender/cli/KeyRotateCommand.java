package sago.sender.cli;

import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.Rotation;
import sago.sender.node.RotationReport;
import sago.sender.node.RotationStep;

/** {@code sago key rotate}: a new key for a dataset, and for all that was backed up under the old one. */
@Command(
        name = "rotate",
        description = {
            "Replace the key of a dataset. The headers of its sessions are sealed anew at every site, about 1.3 kB each; no data moves.",
            "Cut off, or with a site away, run the same command again: both keys are kept until every site has signed."
        },
        footer = {"", "Example:  sago key rotate --dataset users"})
final class KeyRotateCommand extends HomeCommand {
    @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "Whose key.")
    private String dataset = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        RotationReport report = locked(context, () -> {
            try (HomeNode node = node(context);
                    Vault vault = openVault(context)) {
                return new Rotation(node, vault, dataset, this::progress).run();
            }
        });
        report.sites().forEach(this::say);
        tell(report);
        return end(report);
    }

    private void tell(RotationReport report) {
        summary(fields -> fields.put("dataset", dataset)
                .put("key_epoch", report.keyEpoch())
                .put("ended", report.ended())
                .putIfAny("waits_for_sender", report.needsBundle())
                .list(
                        "sites",
                        report.sites(),
                        (one, site) -> one.put("site", site.name())
                                .put("sessions", site.sessions())
                                .put("headers_fetched", site.fetched())
                                .put("bytes_moved", site.movedBytes())
                                .put("bytes_fixed", site.fixedBytes())
                                .put("away", site.away().isPresent())));
    }

    private void progress(RotationStep step, String site) {
        switch (step) {
            case BEGUN -> say("key       dataset " + dataset + " has a new key for what is backed up from now on");
            case RETIRED -> say("retired   " + site + " has deleted the headers of the old key");
            case ENDED -> say("ended     the old key is gone from the vault");
            case SHOWN, RESEALED -> {}
        }
    }

    private void say(RotationReport.Site site) {
        if (site.away().isPresent() && site.sessions() == 0) {
            say("away      " + site.name());
            return;
        }
        say("resealed  " + site.name() + "  " + Units.count(site.sessions(), "session")
                + (site.fetched() == 0
                        ? ""
                        : ", " + Units.count(site.fetched()) + " of their headers fetched from there")
                + "; " + Units.count(site.movedBytes()) + " bytes both ways"
                + (site.sessions() == 0 ? "" : ", " + Units.count(site.bytesPerSession()) + " for each")
                + "; besides " + Units.count(site.fixedBytes()) + " for connections, orders and receipts");
    }

    private int end(RotationReport report) throws FaultException {
        if (!report.needsBundle().isEmpty()) {
            say("waiting   for sender " + report.needsBundle() + ", whose grant names the old key");
            next("sago sender add " + report.needsBundle() + " --dataset " + dataset + " --replace --out FILE"
                    + homeFlag() + ", sago sender join FILE there, then sago key rotate --dataset " + dataset
                    + homeFlag());
            return 0;
        }
        Optional<RotationReport.Site> away =
                report.sites().stream().filter(site -> site.away().isPresent()).findFirst();
        if (away.isPresent()) {
            FaultException why = away.get().away().orElseThrow();
            throw new FaultException(
                    why.fault(),
                    why.getMessage() + "; dataset " + dataset + " keeps both keys until site "
                            + away.get().name() + " is back: then sago key rotate --dataset " + dataset + homeFlag(),
                    why);
        }
        next("sago verify --dataset " + dataset + homeFlag());
        return 0;
    }
}
