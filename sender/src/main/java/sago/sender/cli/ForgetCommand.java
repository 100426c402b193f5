package sago.sender.cli;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.cli.DurationOrZeroConverter;
import sago.common.cli.Signals;
import sago.common.cli.Units;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.Forget;
import sago.sender.node.ForgetPlan;
import sago.sender.node.ForgetRules;
import sago.sender.node.HomeNode;
import sago.sender.node.SnapshotNames;
import sago.sender.retain.KeepPolicy;

/** {@code sago forget}: ends snapshots by a policy, or by name. */
@Command(
        name = "forget",
        description = {
            "End snapshots of a dataset: those that no rule keeps, or those that are named. Each rule keeps what it keeps, whatever the others say.",
            "Everything that stays is walked first, and one of it must be verified. The site frees space when its grace is over.",
            "Cut off, run the same command again."
        },
        footer = {"", "Example:  sago forget --dataset users --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --dry-run"
        })
final class ForgetCommand extends HomeCommand {
    private static final long NS_PER_S = 1_000_000_000L;

    @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "Whose snapshots.")
    private String dataset = "";

    @Option(names = "--site", paramLabel = "NAME", description = "Only there. Default: at every site of the dataset.")
    private @Nullable String site;

    @Mixin
    private final KeepOptions keep = new KeepOptions();

    @Option(
            names = "--keep-verified",
            paramLabel = "N",
            description = "So many of the snapshots that stay must be verified, otherwise nothing goes. Default: 1.")
    private int keepVerified = 1;

    @Option(
            names = "--minimum-age",
            paramLabel = "DURATION",
            converter = DurationOrZeroConverter.class,
            description = {
                "What was committed more recently stays; the site holds to it: 30s, 10m, 2h, 0 for none.",
                "Default: 1d."
            })
    private long minimumAgeNs = TimeUnit.DAYS.toNanos(1);

    @Option(
            names = "--per-day",
            paramLabel = "N",
            description = "So many snapshots of the dataset may expire at a site in 24 hours. Default: 1000.")
    private int perDay = 1000;

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            description = "Whose hours, days, weeks, months and years count: Asia/Seoul. Default: UTC.")
    private @Nullable String timezone;

    @Option(names = "--dry-run", description = "Show what would stay and go; change nothing.")
    private boolean dryRun;

    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = "Snapshots that go, instead of rules.")
    private List<String> snapshots = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ForgetRules rules = rules();
        HomeContext context = context();
        requireHome(context);
        Thread runner = Thread.currentThread();
        Signals.onStop(signal -> runner.interrupt());
        return shared(context, () -> {
            requireVault(context);
            FolderLock vaultLock = FolderLock.acquire(
                    context.files().disk(), context.folder().resolve("vault").resolve(FolderLock.NAME), "the vault");
            return under(vaultLock, () -> {
                try (HomeNode node = node(context);
                        Vault vault = openVault(context)) {
                    return forget(node, vault, rules);
                }
            });
        });
    }

    private void requireVault(HomeContext context) throws FaultException {
        if (!context.hasVault()) {
            throw new FaultException(
                    Fault.NO_VAULT, "no vault at " + homeFolder() + ": only where it is can snapshots be forgotten");
        }
    }

    private ForgetRules rules() throws FaultException {
        KeepPolicy policy = keep.policy();
        if (snapshots.isEmpty() == policy.isEmpty()) {
            throw new FaultException(
                    Fault.USAGE,
                    snapshots.isEmpty()
                            ? "no rule says what stays: give --keep-last, --keep-daily or another one, or name the snapshots that go"
                            : "name snapshots, or give rules of what stays, not both");
        }
        if (keepVerified < 0 || perDay < 1) {
            throw new FaultException(Fault.USAGE, "--keep-verified is 0 or more, --per-day 1 or more");
        }
        List<String> named = new ArrayList<>();
        for (String snapshot : snapshots) {
            String name = SnapshotNames.require(snapshot);
            if (name.equals(SnapshotNames.LATEST)) {
                throw new FaultException(Fault.USAGE, "the latest snapshot never expires");
            }
            named.add(name);
        }
        return new ForgetRules(policy, named, zone(), keepVerified, minimumAgeNs / NS_PER_S, perDay);
    }

    private ZoneId zone() throws FaultException {
        try {
            return timezone == null ? ZoneOffset.UTC : ZoneId.of(timezone);
        } catch (DateTimeException e) {
            throw new FaultException(Fault.USAGE, "no time zone " + timezone + ": write one like Asia/Seoul", e);
        }
    }

    private int forget(HomeNode node, Vault vault, ForgetRules rules) throws IOException, InterruptedException {
        VaultDataset wanted = vault.datasets().stream()
                .filter(one -> one.name().equals(dataset))
                .findFirst()
                .orElseThrow(() -> new FaultException(
                        Fault.NOT_FOUND, "no dataset is named " + dataset + ": `sago snapshots` shows what there is"));
        return under(node.lock(wanted.id(), wanted.name()), () -> {
            ForgetPrinter printer = new ForgetPrinter(sago().output(), dryRun, minimumAgeNs);
            Forget forget = new Forget(node, vault, rules, printer);
            List<ForgetPlan> plans = forget.plan(wanted, sites(vault, wanted));
            boolean changes = false;
            boolean hasYoung = false;
            for (ForgetPlan plan : plans) {
                printer.plan(plan);
                if (!dryRun) {
                    printer.done(plan, forget.carryOut(plan));
                }
                changes |= !plan.going().isEmpty();
                hasYoung |= plan.young() > 0;
            }
            printer.summary(wanted);
            next(changes, hasYoung);
            return 0;
        });
    }

    private void next(boolean changes, boolean hasYoung) {
        if (changes && dryRun) {
            next("the same command without --dry-run");
        } else if (!changes && hasYoung) {
            next("the same command when they are older than the minimum age of " + Units.duration(minimumAgeNs)
                    + ", or with a shorter --minimum-age");
        } else {
            next("sago snapshots --dataset " + dataset + homeFlag());
        }
    }

    private List<SiteEndpoint> sites(Vault vault, VaultDataset wanted) throws FaultException {
        List<SiteEndpoint> sites = vault.sites().stream()
                .filter(one -> one.terms().classes().contains(wanted.dataClass()))
                .toList();
        return site == null ? sites : List.of(HomeNode.choose(sites, Optional.of(site)));
    }
}
