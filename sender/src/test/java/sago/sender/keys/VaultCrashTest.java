package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sago.common.durable.SimDisk;
import sago.common.id.VaultId;

/** Power losses at every operation on the disk: home is usable after each, and no grant sequence or keyring counter is used twice. */
final class VaultCrashTest {
    /** How a disk may have kept or lost what was not forced. */
    private static final int SEEDS = 2;

    /** What is done to a home until the power fails. */
    private interface Deed {
        void run(HomeContext home) throws IOException;
    }

    @Test
    void canStartOverWhereCreatingWasCut() throws IOException {
        Deed create = home -> TestHome.create(home).close();
        int operations = count(new SimDisk(Path.of("/h")), create);
        assertThat(operations).isGreaterThan(10);
        for (int at = 0; at <= operations; at++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                HomeContext home = TestHome.on(cut(new SimDisk(Path.of("/h")), create, at, seed));
                if (!home.hasVault()) {
                    TestHome.create(home).close();
                }
                useAll(home);
            }
        }
    }

    @Test
    void keepsOldOrNewWhereAddingADatasetWasCut() throws IOException {
        cutsEverywhere(home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.createDataset("users", "internal");
            }
        });
    }

    @Test
    void keepsOldOrNewWhereAddingASiteWasCut() throws IOException {
        cutsEverywhere(home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            }
        });
    }

    @Test
    void keepsOneOfTwoPassphrasesWhereChangingItWasCut() throws IOException {
        Deed change = home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.changePassphrase(null, TestHome.utf8("another"), TestHome.CHEAP);
            }
        };
        int operations = count(prepared(), change);
        for (int at = 0; at <= operations; at++) {
            HomeContext home = TestHome.on(cut(prepared(), change, at, at));
            try {
                TestHome.open(home).close();
            } catch (IOException e) {
                Vault.open(home, new Unlock.Passphrase(TestHome.utf8("another")))
                        .close();
            }
        }
    }

    @Test
    void keepsOneKeyThatOpensWhereChangingKeysWasCut() throws IOException {
        Deed change = home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.addPassphrase("deputy", TestHome.utf8("another"), TestHome.CHEAP);
                vault.removeSlot("passphrase");
            }
        };
        int operations = count(prepared(), change);
        for (int at = 0; at <= operations; at++) {
            HomeContext home = TestHome.on(cut(prepared(), change, at, at));
            try {
                TestHome.open(home).close();
            } catch (IOException e) {
                Vault.open(home, new Unlock.Passphrase(TestHome.utf8("another")))
                        .close();
            }
        }
    }

    @Test
    void keepsOldOrNewWhereGivingADatasetAwayOrBackWasCut() throws IOException {
        cutsEverywhere(home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.addSender("web", "users", "internal", true);
                vault.revokeSender("web");
            }
        });
    }

    @Test
    void keepsOldOrNewWhereRotatingWasCut() throws IOException {
        cutsEverywhere(home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.beginRotation("logs");
            }
        });
    }

    @Test
    void keepsOldOrNewWhereOrderingAndEndingARotationWasCut() throws IOException {
        cutsEverywhere(home -> {
            try (Vault vault = TestHome.open(home)) {
                vault.beginRotation("logs");
                vault.retireOrder(TestHome.HK.site(), vault.datasets().get(0).id(), 2);
                vault.endRotation("logs");
            }
        });
    }

    private static void cutsEverywhere(Deed change) throws IOException {
        int operations = count(prepared(), change);
        assertThat(operations).isGreaterThan(10);
        for (int at = 0; at <= operations; at++) {
            for (int seed = 0; seed < SEEDS; seed++) {
                HomeContext home = TestHome.on(cut(prepared(), change, at, seed));
                Map<String, ByteString> seen = useSender(home); // as cron's backup, before the vault is opened again
                change.run(home);
                useAll(home);
                requireNoneTwice(seen, useSender(home));
            }
        }
    }

    /** A home with a site and a dataset of its own. */
    private static SimDisk prepared() throws IOException {
        SimDisk disk = new SimDisk(Path.of("/h"));
        try (Vault vault = TestHome.create(TestHome.on(disk))) {
            vault.addSite(TestHome.HK, new SiteAddress("hk.example", 7443), TestHome.INTERNAL);
            vault.createDataset("logs", "internal");
        }
        return disk;
    }

    private static int count(SimDisk disk, Deed deed) throws IOException {
        int before = disk.operations().size();
        deed.run(TestHome.on(disk));
        return disk.operations().size() - before;
    }

    /** The disk after the power failed at the n-th operation of a deed; or after the deed, if it has fewer. */
    private static SimDisk cut(SimDisk disk, Deed deed, int at, int seed) {
        disk.failAt(at, SimDisk.Failure.CRASH);
        try {
            deed.run(TestHome.on(disk));
        } catch (IOException powerIsOff) {
            assertThat(disk.isOff()).isTrue();
        }
        return disk.crash(seed * 1000L + at);
    }

    /** What sites may have been shown: keyrings by counter and grants by sequence. */
    private static Map<String, ByteString> useSender(HomeContext home) throws IOException {
        Map<String, ByteString> shown = new HashMap<>();
        try (SenderHome sender = SenderHome.open(home)) {
            assertThat(sender.dataset("logs").grant().sites()).containsKey(TestHome.HK.site());
            for (DatasetKeys dataset : sender.datasets()) {
                shown.put("grant " + dataset.grant().sequence(), dataset.grantEnvelope());
            }
            for (SiteEndpoint site : sender.sites()) {
                shown.put("grant " + site.terms().sequence(), site.siteGrant());
            }
            shown.put(
                    "keyring " + sender.newestKeyring().counter(),
                    sender.newestKeyring().envelope());
            sender.auditCredential();
        }
        return shown;
    }

    private static void requireNoneTwice(Map<String, ByteString> before, Map<String, ByteString> after) {
        before.forEach((name, bytes) ->
                assertThat(after.getOrDefault(name, bytes)).as(name).isEqualTo(bytes));
        long newest = after.keySet().stream()
                .filter(name -> name.startsWith("keyring "))
                .mapToLong(name -> Long.parseLong(name.substring("keyring ".length())))
                .max()
                .orElseThrow();
        assertThat(newest).isGreaterThan(3); // two changes before, and this one
    }

    /** Opens everything; vault and sender agree. */
    private static void useAll(HomeContext home) throws IOException {
        VaultId id;
        try (Vault vault = TestHome.open(home);
                Vault byKit = Vault.open(home, new Unlock.RecoveryKit(TestHome.kit()))) {
            vault.publish();
            id = byKit.id();
            try (SenderHome sender = SenderHome.open(home)) {
                assertThat(sender.vault()).isEqualTo(id);
                assertThat(sender.sites()).containsExactlyInAnyOrderElementsOf(vault.sites());
                assertThat(sender.datasetNames())
                        .containsExactlyInAnyOrderElementsOf(vault.datasets().stream()
                                .filter(dataset -> dataset.sender().isEmpty())
                                .map(VaultDataset::name)
                                .toList());
                assertThat(sender.newestKeyring().counter()).isEqualTo(vault.keyringCounter());
                sender.auditCredential();
                assertThat(sender.datasets().stream()
                                .map(dataset -> dataset.grant().sequence())
                                .distinct())
                        .hasSameSizeAs(sender.datasetNames());
            }
        }
    }
}
