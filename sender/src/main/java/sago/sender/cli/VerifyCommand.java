package sago.sender.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.cli.Signals;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.sign.VerifyingKey;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotNames;
import sago.sender.node.SnapshotReader;
import sago.sender.node.Verification;

/** {@code sago verify}: what a site holds, proven by hashes and by opening it. Without the vault, only by hashes. */
@Command(
        name = "verify",
        description = {
            "Have the site hash all of its packs again and compare roots, manifests and receipts. Then open the newest snapshot with the"
                    + " vault: its session, its manifest and a random sample of its data. Only that makes it verified, so the passphrase"
                    + " or the kit is needed.",
            "With --site-only, and where there is no vault, the site is asked alone: that needs no key and proves less."
        },
        footer = {"", "Example:  sago verify --read-data=5%%"})
final class VerifyCommand extends HomeCommand {
    private static final int PERCENT_MAX = 100;

    @Option(names = "--dataset", paramLabel = "NAME", description = "Only this one.")
    private @Nullable String dataset;

    @Option(names = "--site", paramLabel = "NAME", description = "Needed where there are several.")
    private @Nullable String site;

    @Option(names = "--snapshot", paramLabel = "S", description = "Open this one instead of the newest.")
    private @Nullable String snapshot;

    @Option(
            names = "--read-data",
            arity = "0..1",
            fallbackValue = "100%",
            paramLabel = "N%",
            description = "Walk the whole tree and open all data, or a random N percent of it, instead of a sample.")
    private @Nullable String readData;

    @Option(names = "--site-only", description = "Only have the site hash its packs again: needs no passphrase.")
    private boolean siteOnly;

    @Override
    public Integer call() throws IOException, InterruptedException {
        int percent = percent();
        if (snapshot != null) {
            SnapshotNames.require(snapshot);
        }
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        try (HomeNode node = node(context)) {
            SiteEndpoint endpoint = node.site(Optional.ofNullable(site));
            boolean sound = withVault(context) ? verify(node, endpoint, percent) : checkSite(node, endpoint);
            boolean isSound = sound;
            summary(fields -> fields.put("site", endpoint.name()).put("sound", isSound));
            if (!sound) {
                throw new FaultException(
                        Fault.INTEGRITY,
                        "site " + endpoint.name() + " does not hold all that it promised: see the messages above;"
                                + " the next backup stores again what is lost");
            }
            next("sago status" + homeFlag());
        }
        return 0;
    }

    private boolean withVault(HomeContext context) throws FaultException {
        boolean open = !siteOnly && context.hasVault();
        if (!open && (readData != null || snapshot != null)) {
            throw new FaultException(
                    siteOnly ? Fault.USAGE : Fault.NO_VAULT,
                    "--read-data and --snapshot open data, which needs the vault"
                            + (siteOnly ? ": leave --site-only out" : ", and there is none at " + homeFolder()));
        }
        return open;
    }

    /** 0 where a sample is to be read. */
    private int percent() throws FaultException {
        if (readData == null) {
            return 0;
        }
        try {
            int percent = Integer.parseInt(readData.replaceAll("%+$", "").strip());
            if (percent >= 1 && percent <= PERCENT_MAX) {
                return percent;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new FaultException(Fault.USAGE, "--read-data takes a percentage from 1% to 100%, not " + readData);
    }

    /** The vault is opened first: a wrong passphrase is said before a site hashes for hours. */
    private boolean verify(HomeNode node, SiteEndpoint endpoint, int percent) throws IOException, InterruptedException {
        DatasetVerification verification = new DatasetVerification(sago(), node, endpoint);
        boolean sound = true;
        try (Vault vault = openVault(node.context())) {
            for (VaultDataset chosen : chosen(vault.datasets(), endpoint)) {
                Verification.Report report = verification.hashAgain(chosen, vault.senderKeys());
                sound &= report.isSound();
                String wanted = snapshot == null ? SnapshotNames.LATEST : snapshot;
                if (!report.chain().isEmpty() && report.isSound(wanted)) {
                    SnapshotReader.Place place = new SnapshotReader.Place(endpoint, chosen, report.chain());
                    try (SnapshotReader reader = SnapshotReader.open(node, vault, place, wanted)) {
                        sound &= verification.open(reader, percent, report);
                    }
                }
            }
        }
        return sound;
    }

    private boolean checkSite(HomeNode node, SiteEndpoint endpoint) throws IOException, InterruptedException {
        DatasetVerification verification = new DatasetVerification(sago(), node, endpoint);
        Map<DatasetId, List<VerifyingKey>> signers = new HashMap<>();
        List<VaultDataset> known = new ArrayList<>();
        for (DatasetKeys keys : node.sender().datasets()) {
            known.add(new VaultDataset(keys.name(), keys.dataset(), keys.dataClass(), ""));
            signers.put(keys.dataset(), keys.signers());
        }
        boolean sound = true;
        for (VaultDataset chosen : chosen(known, endpoint)) {
            sound &= verification
                    .hashAgain(chosen, signers.getOrDefault(chosen.id(), List.of()))
                    .isSound();
        }
        say("note     that is what the site says of itself and makes no snapshot verified: the key holder does, with"
                + " `sago verify` where the vault is");
        return sound;
    }

    private List<VaultDataset> chosen(List<VaultDataset> known, SiteEndpoint endpoint) throws FaultException {
        List<VaultDataset> chosen = known.stream()
                .filter(one -> dataset == null
                        ? endpoint.terms().classes().contains(one.dataClass())
                        : one.name().equals(dataset))
                .toList();
        if (chosen.isEmpty()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    dataset == null
                            ? "there is nothing to verify yet: `sago backup` comes first"
                            : "no dataset is named " + dataset + ": `sago snapshots` shows what there is");
        }
        if (snapshot != null && chosen.size() > 1) {
            throw new FaultException(
                    Fault.USAGE,
                    "there are several datasets: name that of the snapshot with --dataset ("
                            + chosen.stream().map(VaultDataset::name).collect(Collectors.joining(", ")) + ")");
        }
        return chosen;
    }
}
