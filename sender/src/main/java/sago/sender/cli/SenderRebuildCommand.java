package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.Signals;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.HomeNode;
import sago.sender.node.StateRebuild;

/** {@code sago sender rebuild}: catalog, index and tree cache of a dataset, read back from a site. */
@Command(
        name = "rebuild",
        description = {
            "Read back from a site what a sender knew of a dataset: catalog, index, last tree. Needs the vault.",
            "Only headers and tables of packs are read. Without --out this home's own state is rebuilt."
        },
        footer = {"", "Example:  sago sender rebuild --dataset users"})
final class SenderRebuildCommand extends HomeCommand {
    @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "The dataset.")
    private String dataset = "";

    @Option(
            names = "--site",
            paramLabel = "NAME",
            description = "The site that must answer. Needed where there are several; the others are asked too.")
    private @Nullable String site;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write the state into DIR, for `sago sender join --state DIR` on a sender's host.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        return locked(context, () -> {
            try (Vault vault = openVault(context);
                    HomeNode node = node(context)) {
                return rebuild(vault, node);
            }
        });
    }

    private int rebuild(Vault vault, HomeNode node) throws IOException, InterruptedException {
        VaultDataset wanted = vault.datasets().stream()
                .filter(entry -> entry.name().equals(dataset))
                .findFirst()
                .orElseThrow(() -> new FaultException(Fault.NOT_FOUND, "the vault has no dataset named " + dataset));
        SiteEndpoint first = HomeNode.choose(vault.sites(), Optional.ofNullable(site));
        RebuildPrinter printer = new RebuildPrinter(sago());
        StateRebuild rebuild = new StateRebuild(node, vault, printer);
        if (out != null) {
            report(printer, rebuild.intoFolder(wanted, first, out.toAbsolutePath()));
            next("bring " + out + " to the sender's host, then there: sago sender join FILE --state " + out);
            return 0;
        }
        if (!wanted.sender().isEmpty()) {
            throw new FaultException(
                    Fault.USAGE,
                    "dataset " + dataset + " belongs to sender " + wanted.sender()
                            + ": rebuild its state into a folder with --out, and bring it there");
        }
        List<VaultDataset> own = vault.datasets().stream()
                .filter(entry -> entry.sender().isEmpty())
                .toList();
        report(printer, rebuild.intoHome(new StateRebuild.Plan(List.of(wanted), own, first)));
        next("sago backup --dataset " + dataset + " PATH" + homeFlag() + ": it stores only what is new");
        return 0;
    }

    private void report(RebuildPrinter printer, List<StateRebuild.Part> parts) {
        printer.report(parts);
        summary(fields -> RebuildPrinter.tell(fields.put("dataset", dataset), parts));
    }
}
