package sago.sender.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.common.sign.Fingerprint;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SiteAddress;
import sago.sender.keys.Vault;
import sago.sender.node.HomeNode;
import sago.sender.node.KeyringSearch;
import sago.sender.node.Recovery;
import sago.sender.node.StateRebuild;

/** {@code sago recover}: a home from nothing but the kit and one site. */
@Command(
        name = "recover",
        description = {
            "Make a home anew from the recovery kit and any one site, after home was lost.",
            "Interrupted, run the same command again. It needs a new passphrase, and an empty or new --home."
        },
        footer = {"", "Example:  sago recover --kit /media/usb/kit --address backup.example:7443 --home /srv/home"})
final class RecoverCommand extends HomeCommand {
    @Option(
            names = "--address",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where a site of the lost home listens.")
    private String address = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        SiteAddress where = SiteAddress.parse(address);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (Kit kit = passphrase().kit()) {
            if (kit == null) {
                throw new FaultException(Fault.USAGE, "name the file with the 24 words: --kit FILE");
            }
            HomeContext context = context();
            Recovery recovery = new Recovery(context);
            return under(recovery.begin(), () -> recover(context, recovery, kit, where));
        }
    }

    private int recover(HomeContext context, Recovery recovery, Kit kit, SiteAddress where)
            throws IOException, InterruptedException {
        try (HomeNode node = node(context)) {
            KeyringSearch.Found found = new KeyringSearch(node, kit).find(where);
            try (Vault vault = vault(recovery, found, kit)) {
                say("home      " + Fingerprint.words(vault.identity().fingerprint()) + " at " + homeFolder());
                RebuildPrinter printer = new RebuildPrinter(sago());
                List<StateRebuild.Part> parts = recovery.rebuild(node, vault, found, printer);
                recovery.end();
                printer.report(parts);
                String identity = Fingerprint.words(vault.identity().fingerprint());
                summary(fields -> {
                    fields.put("home", homeFolder().toString())
                            .put("identity", identity)
                            .put("keyring", found.keyring().counter())
                            .list(
                                    "sites",
                                    found.sightings(),
                                    (one, seen) -> one.put("site", seen.site())
                                            .put("keyring", seen.counter())
                                            .putIfAny("problem", seen.problem()));
                    RebuildPrinter.tell(fields, parts);
                });
                others(vault);
                freshness(found, parts);
            } finally {
                found.keyring().close();
            }
        }
        next("compare with what you know of the last backup; then sago restore latest --target DIR" + homeFlag()
                + ", or sago backup of the same paths" + homeFlag() + ", which stores only what is new");
        return 0;
    }

    private Vault vault(Recovery recovery, KeyringSearch.Found found, Kit kit)
            throws IOException, InterruptedException {
        report(found);
        if (recovery.hasVault()) {
            say("vault     of the recovery that was interrupted, with the passphrase that it was given then");
            return recovery.openVault(found, kit);
        }
        try (SecretBytes secret = passphrase().freshPassphrase(sago().environment(), sago().terminal())) {
            return recovery.makeVault(found, kit, secret);
        }
    }

    /** Who showed which keyring; who is behind, away or lying is named. */
    private void report(KeyringSearch.Found found) {
        long newest = found.keyring().counter();
        String from = found.sightings().stream()
                .filter(seen -> seen.problem().isEmpty() && seen.counter() == newest)
                .map(KeyringSearch.Sighting::site)
                .collect(Collectors.joining(", "));
        say("keyring   " + newest + ", from " + from);
        for (KeyringSearch.Sighting seen : found.sightings()) {
            if (!seen.problem().isEmpty()) {
                say("          nothing from " + seen.site() + ": " + seen.problem());
            } else if (seen.counter() < newest) {
                say("          " + seen.site() + " is behind and shows only " + seen.counter());
            }
        }
        found.warnings().forEach(output()::warning);
    }

    private void others(Vault vault) {
        vault.datasets().stream()
                .filter(dataset -> !dataset.sender().isEmpty())
                .forEach(dataset -> say("sender    " + dataset.sender() + " goes on with dataset " + dataset.name()));
    }

    /** What it rests on that these are the newest: nobody can prove it from inside. */
    private void freshness(KeyringSearch.Found found, List<StateRebuild.Part> parts) {
        long silent = found.sightings().stream()
                .filter(seen -> !seen.problem().isEmpty())
                .count();
        say("fresh     as far as " + Units.count(found.sightings().size() - silent, "site") + " of "
                + found.sightings().size()
                + " show: every snapshot from the first to the last shown one is signed and in"
                + " order, and none knows a newer keyring.");
        say("          A site that hides its newest snapshots cannot be told from one that never had them: compare"
                + " numbers and times above with your own notes, the log of the last backup, or another site"
                + (parts.isEmpty() ? "." : " (--address)."));
    }
}
