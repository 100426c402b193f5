package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.DatasetGrants;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderBundle;
import sago.sender.seal.KemKeyPair;

/** Datasets that go to hosts without a vault, and come back. */
final class SendersTest {
    private final HomeContext home = TestHome.fresh();
    private final HomeContext host = TestHome.fresh();

    @BeforeEach
    void makeHome() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("users", "internal");
            vault.createDataset("logs", "internal");
        }
    }

    @Test
    void givesADatasetToAHostAndTakesItFromHome() throws IOException {
        long before;
        try (SenderHome own = SenderHome.open(home)) {
            before = own.dataset("users").grant().sequence();
        }
        NewSender web = add("web", "users", false);
        assertThat(web.grants()).hasSize(1);
        assertThat(web.grants().get(0).dataset().sender()).isEmpty();
        JoinedSender joined = SenderJoin.join(host, web.bundle());
        assertThat(joined.name()).isEqualTo("web");
        assertThat(joined.datasets()).containsExactly("users");
        assertThat(joined.sites()).containsExactly("sg");
        assertThat(joined.update()).isFalse();
        assertThat(host.hasVault()).isFalse();
        try (SenderHome own = SenderHome.open(home);
                SenderHome there = SenderHome.open(host)) {
            assertThat(joined.home().fingerprint())
                    .isEqualTo(own.identity().fingerprint())
                    .isEqualTo(there.identity().fingerprint());
            assertThat(own.datasetNames()).containsExactly("logs");
            assertThat(own.movedTo("users")).contains("web");
            TestHome.refuses(Fault.NOT_FOUND, () -> own.dataset("users"));
            DatasetKeys users = there.dataset("users");
            assertThat(own.moved()).containsExactly(new MovedDataset("users", "web", users.dataset()));
            assertThat(there.moved()).isEmpty();
            assertThat(users.grant().sequence()).isGreaterThan(before);
            assertThat(users.signers())
                    .contains(
                            own.signingKey().verifyingKey(), there.signingKey().verifyingKey());
            assertThat(own.dataset("logs").signers()).hasSameElementsAs(users.signers());
            assertThat(there.site("sg").keyring().counter())
                    .isEqualTo(own.newestKeyring().counter());
            assertThat(there.name()).isEqualTo("web");
            there.auditCredential();
        }
    }

    @Test
    void letsAHostAuditOnlyWhatItHas() throws IOException {
        SenderJoin.join(host, add("web", "users", false).bundle());
        try (SenderHome there = SenderHome.open(host)) {
            ClientTerms audit =
                    ClientGrants.verify(there.auditCredential().grantEnvelope(), there.identity(), host.nowSeconds());
            assertThat(audit.datasets()).containsExactly(there.dataset("users").dataset());
        }
    }

    @Test
    void handsOutNothingThatOpensDataOrOrders() throws IOException {
        byte[] bundle = add("web", "users", false).bundle().toByteArray();
        Secrets secrets = secrets();
        for (ByteString secret : secrets.all()) {
            assertThat(contains(bundle, secret)).isFalse();
        }
        assertThat(contains(bundle, secrets.idKey())).isTrue(); // the search finds what is there
    }

    @Test
    void asksBeforeItReplacesTheKeysOfAName() throws IOException {
        NewSender first = add("web", "users", false);
        TestHome.refuses(Fault.USAGE, () -> add("web", "logs", false));
        NewSender second = add("web", "logs", true);
        assertThat(second.grants()).hasSize(2);
        assertThat(second.grants().get(0).credential().tls().spki())
                .isNotEqualTo(first.grants().get(0).credential().tls().spki());
        SenderJoin.join(host, first.bundle());
        assertThat(SenderJoin.join(host, second.bundle()).update()).isTrue();
        SenderJoin.join(host, second.bundle());
        TestHome.refuses(Fault.USAGE, () -> SenderJoin.join(host, first.bundle()));
        try (SenderHome there = SenderHome.open(host);
                SenderHome own = SenderHome.open(home)) {
            assertThat(there.datasetNames()).containsExactly("logs", "users");
            assertThat(there.dataset("users").grant().sequence())
                    .isGreaterThan(first.grants().get(0).terms().sequence());
            assertThat(there.dataset("users").signers()).hasSize(3);
            assertThat(own.datasetNames()).isEmpty();
        }
        try (Vault vault = TestHome.open(home)) {
            assertThat(vault.senderKeys()).hasSize(3);
            assertThat(vault.senders()).singleElement().satisfies(sender -> {
                assertThat(sender.datasets()).containsExactly("users", "logs");
                assertThat(sender.isRevoked()).isFalse();
                assertThat(sender.needsBundle()).isFalse();
            });
        }
    }

    @Test
    void takesDatasetsBackWithHigherSequences() throws IOException {
        NewSender web = add("web", "users", false);
        try (Vault vault = TestHome.open(home)) {
            TestHome.refuses(Fault.NOT_FOUND, () -> vault.revokeSender("nobody"));
            assertThat(vault.revokeSender("web")).containsExactly("users");
            assertThat(vault.revokeSender("web")).containsExactly("users");
            assertThat(vault.senders().get(0).isRevoked()).isTrue();
        }
        try (SenderHome own = SenderHome.open(home)) {
            assertThat(own.movedTo("users")).isEmpty();
            assertThat(own.moved()).isEmpty();
            assertThat(own.dataset("users").grant().sequence())
                    .isGreaterThan(web.grants().get(0).terms().sequence());
        }
        assertThat(add("web", "users", false).grants()).hasSize(1);
        try (Vault vault = TestHome.open(home)) {
            assertThat(vault.senders()).hasSize(1);
        }
    }

    @Test
    void movesADatasetBetweenHosts() throws IOException {
        add("web", "users", false);
        NewSender db = add("db", "users", false);
        assertThat(db.grants().get(0).dataset().sender()).isEqualTo("web");
        try (Vault vault = TestHome.open(home)) {
            assertThat(vault.revokeSender("web")).isEmpty();
            assertThat(vault.datasets()).anySatisfy(dataset -> {
                assertThat(dataset.name()).isEqualTo("users");
                assertThat(dataset.sender()).isEqualTo("db");
            });
        }
    }

    @Test
    void makesANewDatasetForAHost() throws IOException {
        try (Vault vault = TestHome.open(home)) {
            TestHome.refuses(Fault.NOT_FOUND, () -> vault.addSender("web", "new", null, false));
            TestHome.refuses(Fault.USAGE, () -> vault.addSender("web", "users", "personal", false));
            TestHome.refuses(Fault.USAGE, () -> vault.addSender("web", "new", "personal", false));
            TestHome.refuses(Fault.USAGE, () -> vault.addSender("Web 1", "users", null, false));
            assertThat(vault.addSender("web", "new", "internal", false)
                            .grants()
                            .get(0)
                            .fresh())
                    .isTrue();
        }
        try (SenderHome own = SenderHome.open(home)) {
            assertThat(own.movedTo("new")).contains("web");
        }
    }

    @Test
    void saysWhenASiteOrKeyCameThatAHostDoesNotKnow() throws IOException {
        add("web", "users", false);
        try (Vault vault = TestHome.open(home)) {
            vault.addSite(TestHome.HK, TestHome.ADDRESS, TestHome.INTERNAL);
            assertThat(vault.senders().get(0).needsBundle()).isTrue();
            vault.addSender("web", "users", null, true);
            assertThat(vault.senders().get(0).needsBundle()).isFalse();
            vault.beginRotation("users");
            assertThat(vault.senders().get(0).needsBundle()).isTrue();
            assertThat(vault.rotation("users").orElseThrow().needsBundle()).isTrue();
            vault.addSender("web", "users", null, true);
            assertThat(vault.rotation("users").orElseThrow().needsBundle()).isFalse();
        }
    }

    @Test
    void joinsOnlyFoldersThatAreItsOwn() throws IOException {
        ByteString bundle = add("web", "users", false).bundle();
        TestHome.refuses(Fault.USAGE, () -> SenderJoin.join(home, bundle));
        ByteString db = add("db", "logs", false).bundle();
        SenderJoin.join(host, bundle);
        TestHome.refuses(Fault.USAGE, () -> SenderJoin.join(host, db));
        HomeContext other = TestHome.fresh();
        TestHome.create(other).close();
        other.files().delete(other.vaultFile());
        TestHome.refuses(Fault.USAGE, () -> SenderJoin.join(other, bundle));
        home.files().delete(home.vaultFile());
        TestHome.refuses(Fault.USAGE, () -> SenderJoin.join(home, bundle)); // home's own sender, its vault elsewhere
        try (SenderHome own = SenderHome.open(home)) {
            assertThat(own.name()).isEmpty();
        }
    }

    @Test
    void refusesABundleThatWasDamagedOnItsWay() throws IOException {
        byte[] bundle = add("web", "users", false).bundle().toByteArray();
        for (int at = 0; at < bundle.length; at += 101) {
            bundle[at] ^= 4;
            Fault fault = at < 8 ? Fault.USAGE : Fault.INTEGRITY;
            TestHome.refuses(fault, () -> SenderJoin.join(host, ByteString.copyFrom(bundle)));
            bundle[at] ^= 4;
        }
        for (int length : new int[] {0, 7, 8, 11, 12, bundle.length - 1}) {
            TestHome.refuses(
                    length < 8 ? Fault.USAGE : Fault.INTEGRITY,
                    () -> SenderJoin.join(host, ByteString.copyFrom(bundle, 0, length)));
        }
        assertThat(host.hasSender()).isFalse();
        assertThat(host.files().exists(host.senderFolder())).isFalse();
    }

    @Test
    void refusesABundleWhoseGrantIsNotHomes() throws IOException {
        ByteString file = add("web", "users", false).bundle();
        SenderBundle bundle = SenderBundle.parseFrom(file.substring(RecordFiles.HEADER_BYTES));
        DatasetRecord record = bundle.getDatasets(0);
        try (Vault vault = TestHome.open(home);
                SigningKey stranger = SigningKey.generate(TestHome.RANDOM);
                KemKeyPair pair = KemKeyPair.generate(TestHome.RANDOM)) {
            ByteString swapped = DatasetGrants.sign(
                    stranger,
                    SwappedKey.of(
                            DatasetGrants.verify(
                                    record.getGrant(), vault.identity().order(), vault.id(), home.nowSeconds()),
                            pair.publicKey()));
            SenderBundle forged = bundle.toBuilder()
                    .setDatasets(0, record.toBuilder().setGrant(swapped))
                    .build();
            ByteString bytes = RecordFiles.wrap(RecordKind.BUNDLE, forged.toByteString());
            TestHome.refuses(Fault.PEER_REFUSED, () -> SenderJoin.join(host, bytes));
        }
    }

    @Test
    void refusesARecordWhoseDatasetKeyWasSwapped() throws IOException {
        RecordFiles records = new RecordFiles(home.files());
        DatasetRecord sound = records.read(home.datasetFile("users"), RecordKind.DATASET, DatasetRecord.parser())
                .orElseThrow();
        ByteString ours;
        try (SenderHome sender = SenderHome.open(home)) {
            ours = sender.dataset("users").grant().publicKey();
        }
        try (KemKeyPair pair = KemKeyPair.generate(TestHome.RANDOM)) {
            byte[] grant = sound.getGrant().toByteArray();
            int at = indexOf(grant, ours);
            pair.publicKey().copyTo(grant, at);
            records.write(
                    home.datasetFile("users"),
                    RecordKind.DATASET,
                    sound.toBuilder()
                            .setGrant(ByteString.copyFrom(grant))
                            .build()
                            .toByteString());
        }
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.INTEGRITY, () -> sender.dataset("users"));
        }
    }

    @Test
    void startsOverWhereJoiningWasCut() throws IOException {
        ByteString first = add("web", "users", false).bundle();
        ByteString second = add("web", "logs", true).bundle();
        for (boolean update : new boolean[] {false, true}) {
            int operations = joinUntil(update, first, second, Integer.MAX_VALUE)
                    .operations()
                    .size();
            assertThat(operations).isGreaterThan(10);
            for (int at = 0; at <= operations; at++) {
                HomeContext cut =
                        TestHome.on(joinUntil(update, first, second, at).crash(at));
                if (update) {
                    SenderHome.open(cut).close(); // the former keys or the new ones
                }
                SenderJoin.join(cut, second);
                try (SenderHome there = SenderHome.open(cut)) {
                    assertThat(there.datasets()).hasSize(2);
                    assertThat(there.sites()).hasSize(1);
                }
            }
        }
    }

    private static SimDisk joinUntil(boolean update, ByteString first, ByteString second, int at) throws IOException {
        SimDisk disk = new SimDisk(Path.of("/h"));
        if (update) {
            SenderJoin.join(TestHome.on(disk), first);
        }
        if (at != Integer.MAX_VALUE) {
            disk.failAt(at, SimDisk.Failure.CRASH);
        }
        try {
            SenderJoin.join(TestHome.on(disk), second);
        } catch (IOException powerIsOff) {
            assertThat(disk.isOff()).isTrue();
        }
        return disk;
    }

    private NewSender add(String name, String dataset, boolean replace) throws IOException {
        try (Vault vault = TestHome.open(home)) {
            return vault.addSender(name, dataset, null, replace);
        }
    }

    /** What must never leave the vault. */
    private record Secrets(List<ByteString> all, ByteString idKey) {}

    private Secrets secrets() throws IOException {
        try (Vault vault = TestHome.open(home);
                SecretBytes root = SecretBytes.of(opened().getRootKey().toByteArray())) {
            assertThat(vault.hasRoot(root)).isTrue();
        }
        KeyringContent content = opened();
        List<ByteString> all = new ArrayList<>();
        all.add(content.getRootKey());
        all.add(content.getOrderEd25519());
        all.add(content.getOrderMlDsa65());
        all.add(content.getClientTlsKey());
        for (DatasetSecrets dataset : content.getDatasetsList()) {
            dataset.getEpochsList().stream().map(EpochSecret::getSeed).forEach(all::add);
        }
        all.add(Contents.require(content, "logs").getIdKey());
        assertThat(all).noneMatch(ByteString::isEmpty);
        return new Secrets(all, Contents.require(content, "users").getIdKey());
    }

    private KeyringContent opened() throws IOException {
        try (Vault vault = TestHome.open(home)) {
            return KeyringSeals.open(vault.keyring(), TestHome.kit());
        }
    }

    private static boolean contains(byte[] bytes, ByteString wanted) {
        return indexOf(bytes, wanted) >= 0;
    }

    private static int indexOf(byte[] bytes, ByteString wanted) {
        byte[] sought = wanted.toByteArray();
        for (int i = 0; i + sought.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + sought.length, sought, 0, sought.length)) {
                return i;
            }
        }
        return -1;
    }
}
