package sago.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.sender.catalog.Snapshot;
import sago.sender.keys.ExpiryOrders;
import sago.sender.keys.SiteEndpoint;
import sago.sender.keys.Vault;
import sago.sender.keys.VaultDataset;
import sago.sender.node.Forget;
import sago.sender.node.ForgetPlan;
import sago.sender.node.ForgetRules;
import sago.sender.node.HomeNode;
import sago.sender.node.Rebuild;
import sago.sender.node.SiteChain;
import sago.sender.node.SnapshotCheck;
import sago.sender.node.SnapshotReader;
import sago.sender.node.StateRebuild;
import sago.sender.node.Verification;
import sago.sender.retain.KeepPeriod;
import sago.sender.retain.KeepPolicy;
import sago.sender.upload.AdminClient;
import sago.sender.upload.RestoreClient;

/** Snapshots end at a real site, and what stays is whole. */
class ForgetSystemTest {
    /** The sweep runs at each start, and a promise is kept to the second. */
    private static final int RESTARTS_MAX = 100;

    @TempDir
    private Path folder;

    private VaultUnderTest home;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void begin() throws Exception {
        home = new VaultUnderTest(folder.toRealPath());
        home.site.graceMs = 1;
        restart();
    }

    @AfterEach
    void end() throws Exception {
        home.close();
    }

    @Test
    void whatIsForgottenFreesItsPacksAndWhatStaysRestores() throws Exception {
        String first = home.backUp();
        home.backUp();
        Files.delete(home.source.resolve("file1"));
        String last = home.backUp();
        int before = packs();
        verify(last);
        Forget.Report report = forget(1, 1);
        assertThat(report.expired()).isEqualTo(2);
        assertThat(report.verified()).isEqualTo(1);
        restartUntilSwept(before);
        assertThat(home.readAll(last)).isEqualTo(400_000);
        assertThatThrownBy(() -> home.readAll(first))
                .hasMessageContaining("has expired")
                .extracting("fault")
                .isEqualTo(Fault.NOT_FOUND);
        assertThat(names()).containsExactly(last);
        assertThat(check().findings()).isEmpty();
        assertThat(plan(1).get(0).going()).isEmpty();
        rebuild();
        assertThat(names()).containsExactly(last);
        assertThat(home.<Integer>with(
                        (node, vault) -> node.catalog().snapshots().expired().size()))
                .isEqualTo(2);
        String next = home.backUp();
        assertThat(home.readAll(next)).isEqualTo(600_000);
        assertThat(check().findings()).isEmpty();
    }

    @Test
    void nothingExpiresWhereTooFewOfThoseThatStayAreVerified() throws Exception {
        String first = home.backUp();
        home.backUp();
        verify(first);
        assertThatThrownBy(() -> forget(1, 1))
                .hasMessageContaining("sago verify")
                .extracting("fault")
                .isEqualTo(Fault.POLICY);
        assertThat(names()).hasSize(2);
        assertThat(home.readAll(first)).isEqualTo(200_000);
    }

    @Test
    void anOrderWhoseAnswerWasLostIsKnownAtHome() throws Exception {
        String first = home.backUp();
        String last = home.backUp();
        order(first, true);
        assertThat(check().findings()).isEmpty();
        assertThat(names()).containsExactly(first, last);
        assertThat(plan(1).get(0).going()).isEmpty();
        assertThat(names()).containsExactly(last);
        assertThat(warnings).isEmpty();
    }

    @Test
    void verifyTellsOfASnapshotThatExpiredWithoutAnOrderOfThisHome() throws Exception {
        String first = home.backUp();
        home.backUp();
        order(first, false);
        assertThat(check().findings()).anyMatch(finding -> finding.contains(first + " has expired there"));
        plan(1);
        assertThat(warnings).anyMatch(warning -> warning.contains(first));
    }

    @Test
    void whatIsYoungerThanTheLeastAgeStaysAndTheNewestCannotBeNamed() throws Exception {
        String first = home.backUp();
        String last = home.backUp();
        List<ForgetPlan> plans = home.with((node, vault) ->
                forget(node, vault, rules(policy(1), List.of(), 1, 3600)).plan(dataset(vault), vault.sites()));
        assertThat(plans.get(0).going()).isEmpty();
        assertThat(plans.get(0).young()).isEqualTo(1);
        assertThatThrownBy(() -> planNamed(last)).extracting("fault").isEqualTo(Fault.POLICY);
        assertThatThrownBy(() -> planNamed("abcdefabcdef")).extracting("fault").isEqualTo(Fault.NOT_FOUND);
        assertThat(planNamed(first).get(0).young()).isZero();
        assertThat(planNamed(first).get(0).going())
                .extracting(snapshot -> snapshot.link().name())
                .containsExactly(first);
    }

    private List<ForgetPlan> planNamed(String name) throws Exception {
        return home.with((node, vault) ->
                forget(node, vault, rules(policy(0), List.of(name), 1, 0)).plan(dataset(vault), vault.sites()));
    }

    private List<ForgetPlan> plan(int keepLast) throws Exception {
        return home.with((node, vault) ->
                forget(node, vault, rules(policy(keepLast), List.of(), 1, 0)).plan(dataset(vault), vault.sites()));
    }

    private Forget.Report forget(int keepLast, int keepVerified) throws Exception {
        return home.with((node, vault) -> {
            Forget forget = forget(node, vault, rules(policy(keepLast), List.of(), keepVerified, 0));
            return forget.carryOut(forget.plan(dataset(vault), vault.sites()).get(0));
        });
    }

    private static KeepPolicy policy(int keepLast) {
        return new KeepPolicy(Map.of(KeepPeriod.LAST, keepLast), Optional.empty(), Map.of());
    }

    private static ForgetRules rules(KeepPolicy policy, List<String> named, int keepVerified, long minimumAgeSeconds) {
        return new ForgetRules(policy, named, ZoneOffset.UTC, keepVerified, minimumAgeSeconds, 100);
    }

    private Forget forget(HomeNode node, Vault vault, ForgetRules rules) {
        return new Forget(node, vault, rules, new Forget.Listener() {
            @Override
            public void walked(SiteEndpoint site, int snapshots, int of) {}

            @Override
            public void expired(SiteEndpoint site, int snapshots, int of) {}

            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        });
    }

    private static VaultDataset dataset(Vault vault) {
        return vault.datasets().get(0);
    }

    /** As a command that is killed before its answer comes. */
    private void order(String snapshot, boolean noted) throws Exception {
        home.<Boolean>with((node, vault) -> {
            SiteEndpoint site = vault.sites().get(0);
            Hash manifest = node.catalog().snapshots().list().stream()
                    .filter(one -> one.name().equals(snapshot))
                    .map(Snapshot::hash)
                    .findFirst()
                    .orElseThrow();
            if (noted) {
                node.catalog().snapshots().expiring(site.site(), List.of(manifest));
            }
            try (ExpiryOrders orders = vault.expiry();
                    AdminClient admin = AdminClient.open(node.client(site, vault.adminCredential()))) {
                ByteString grant = orders.grant(0, 10);
                ByteString receipt = admin.deliver(
                        dataset(vault).id(),
                        orders.order(site.site(), dataset(vault).id(), List.of(manifest), grant),
                        grant);
                return !receipt.isEmpty();
            }
        });
    }

    private Verification.Report check() throws Exception {
        return home.with((node, vault) -> check(node, vault));
    }

    private static Verification.Report check(HomeNode node, Vault vault) throws IOException, InterruptedException {
        SiteEndpoint site = vault.sites().get(0);
        SiteChain.Signers signers =
                new SiteChain.Signers(vault.id(), dataset(vault).id(), vault.senderKeys());
        try (RestoreClient client = node.reader(site, node.sender().auditCredential())) {
            return new Verification(node, site, client, signers).run((packs, of, bytes) -> {});
        }
    }

    private void verify(String snapshot) throws Exception {
        home.<Boolean>with((node, vault) -> {
            Verification.Report report = check(node, vault);
            SnapshotReader.Query query = new SnapshotReader.Query(snapshot, Optional.empty(), Optional.empty());
            try (SnapshotReader reader = SnapshotReader.open(node, vault, query)) {
                assertThat(new SnapshotCheck(node, reader, 0, home).run(report).isSound())
                        .isTrue();
            }
            return true;
        });
    }

    private void rebuild() throws Exception {
        home.<Integer>with((node, vault) -> {
            Rebuild.Progress progress = new Rebuild.Progress() {
                @Override
                public void packs(int done, int of, long bytesRead) {}

                @Override
                public void warning(String message) {
                    warnings.add(message);
                }
            };
            StateRebuild.Plan plan = new StateRebuild.Plan(
                    vault.datasets(), vault.datasets(), vault.sites().get(0));
            return new StateRebuild(node, vault, progress).intoHome(plan).size();
        });
        assertThat(warnings).isEmpty();
    }

    private List<String> names() throws Exception {
        return home.with((node, vault) ->
                node.catalog().snapshots().list().stream().map(Snapshot::name).toList());
    }

    private int packs() throws IOException {
        try (Stream<Path> walk = Files.walk(home.siteFolder)) {
            return (int) walk.filter(path -> path.toString().endsWith(".pack")).count();
        }
    }

    private void restartUntilSwept(int before) throws Exception {
        for (int i = 0; packs() == before; i++) {
            if (i == RESTARTS_MAX) {
                throw new FaultException(Fault.TIMEOUT, "the site sweeps nothing");
            }
            restart();
        }
    }

    private void restart() throws Exception {
        home.site.stop();
        home.start();
    }
}
