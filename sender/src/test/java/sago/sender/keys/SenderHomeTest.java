package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.SiteRecord;

final class SenderHomeTest {
    private final SimDisk disk = new SimDisk(Path.of("/h"));
    private final HomeContext home = TestHome.on(disk);
    private final RecordFiles records = new RecordFiles(home.files());

    @BeforeEach
    void makeHome() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            vault.createDataset("users", "internal");
        }
    }

    @Test
    void needsNeitherVaultNorPassphrase() throws IOException {
        home.files().delete(home.vaultFile());
        home.files().delete(home.vaultFolder());
        try (SenderHome sender = SenderHome.open(home)) {
            DatasetKeys users = sender.dataset("users");
            assertThat(sender.datasets()).hasSize(1);
            assertThat(sender.site("sg").address()).hasToString("sg.example:7443");
            assertThat(sender.site("sg").keyring().counter()).isEqualTo(3);
            assertThat(sender.appendCredential(users).role()).isEqualTo(ClientRole.APPEND);
            assertThat(sender.appendCredential(users).tls().spki())
                    .isEqualTo(users.grant().senderTlsSpki());
            assertThat(sender.auditCredential().role()).isEqualTo(ClientRole.AUDIT);
        }
    }

    @Test
    void saysWhatIsNotThere() throws IOException {
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.NOT_FOUND, () -> sender.dataset("other"));
            TestHome.refuses(Fault.NOT_FOUND, () -> sender.site("other"));
            TestHome.refuses(Fault.USAGE, () -> sender.dataset("../identity"));
        }
        TestHome.refuses(Fault.NO_VAULT, () -> SenderHome.open(TestHome.fresh()));
    }

    @Test
    void detectsEveryFlippedBitOfItsFiles() throws IOException {
        for (Path file :
                new Path[] {home.identityFile(), home.keyringFile(), home.siteFile("sg"), home.datasetFile("users")}) {
            long bits = home.files().read(file, 1 << 20).length * 8L;
            for (long bit = 0; bit < bits; bit += 501) {
                disk.flip(file, bit);
                TestHome.refuses(Fault.INTEGRITY, this::readAll);
                disk.flip(file, bit);
            }
        }
        readAll();
    }

    @Test
    void refusesAGrantThatAnotherOrderKeySigned() throws IOException {
        try (SigningKey thief = SigningKey.generate(TestHome.RANDOM);
                SenderHome sender = SenderHome.open(home)) {
            DatasetTerms grant = sender.dataset("users").grant();
            replaceGrant(DatasetGrants.sign(thief, grant));
            TestHome.refuses(Fault.PEER_REFUSED, () -> sender.dataset("users"));
        }
    }

    @Test
    void refusesAGrantWhosePublicKeyWasSwapped() throws IOException {
        DatasetRecord record = record();
        byte[] envelope = record.getGrant().toByteArray();
        ByteString publicKey;
        try (SenderHome sender = SenderHome.open(home)) {
            publicKey = sender.dataset("users").grant().publicKey();
        }
        int at = indexOf(envelope, publicKey);
        envelope[at] ^= 1;
        replaceGrant(ByteString.copyFrom(envelope));
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.INTEGRITY, () -> sender.dataset("users"));
        }
    }

    @Test
    void refusesAGrantForAnotherSender() throws IOException {
        home.files().delete(home.identityFile());
        HomeContext elsewhere = TestHome.on(disk);
        try (Vault vault = TestHome.open(elsewhere)) {
            byte[] old = home.files().read(home.datasetFile("users"), 1 << 20);
            vault.publish();
            home.files().atomicWrite(home.datasetFile("users"), old);
        }
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.PEER_REFUSED, () -> sender.dataset("users"));
        }
    }

    @Test
    void refusesRecordsThatDoNotMatchTheirGrants() throws IOException {
        DatasetRecord dataset = record();
        records.write(home.datasetFile("other"), RecordKind.DATASET, dataset.toByteString());
        records.write(
                home.datasetFile("users"),
                RecordKind.DATASET,
                dataset.toBuilder().setIdKey(ByteString.EMPTY).build().toByteString());
        SiteRecord site = records.read(home.siteFile("sg"), RecordKind.SITE, SiteRecord.parser())
                .orElseThrow();
        records.write(home.siteFile("hk"), RecordKind.SITE, site.toByteString());
        records.write(
                home.siteFile("sg"),
                RecordKind.SITE,
                site.toBuilder().addClasses("personal").build().toByteString());
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.INTEGRITY, () -> sender.dataset("other"));
            TestHome.refuses(Fault.INTEGRITY, () -> sender.dataset("users"));
            TestHome.refuses(Fault.INTEGRITY, () -> sender.site("hk"));
            TestHome.refuses(Fault.INTEGRITY, () -> sender.site("sg"));
        }
    }

    @Test
    void refusesFilesOfANewerVersion() throws IOException {
        records.write(
                home.datasetFile("users"),
                RecordKind.DATASET,
                record().toBuilder().setFormat(2).build().toByteString());
        try (SenderHome sender = SenderHome.open(home)) {
            TestHome.refuses(Fault.VERSION, () -> sender.dataset("users"));
        }
    }

    @Test
    void forgetsTheKeysThatItHandedOutWhenClosed() throws IOException {
        SecretBytes idKey;
        try (SenderHome sender = SenderHome.open(home)) {
            idKey = sender.dataset("users").idKey();
            assertThat(sender.dataset("users").toString()).contains("hidden");
        }
        assertThatThrownBy(idKey::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsAddressesOfHostsAndOfIpVersion6() throws IOException {
        assertThat(SiteAddress.parse("a.b:1")).isEqualTo(new SiteAddress("a.b", 1));
        assertThat(SiteAddress.parse("[::1]:7443"))
                .isEqualTo(new SiteAddress("::1", 7443))
                .hasToString("[::1]:7443");
        for (String bad : new String[] {"", ":", "a", "a:", ":7443", "a:0", "a:65536", "::1:7443", "a b:1", "a/b:1"}) {
            TestHome.refuses(Fault.USAGE, () -> SiteAddress.parse(bad));
        }
    }

    private void readAll() throws IOException {
        try (SenderHome sender = SenderHome.open(home)) {
            sender.datasets();
            sender.sites();
            sender.auditCredential();
        }
    }

    private DatasetRecord record() throws IOException {
        return records.read(home.datasetFile("users"), RecordKind.DATASET, DatasetRecord.parser())
                .orElseThrow();
    }

    private void replaceGrant(ByteString grant) throws IOException {
        DatasetRecord changed = record().toBuilder().setGrant(grant).build();
        records.write(home.datasetFile("users"), RecordKind.DATASET, changed.toByteString());
    }

    private static int indexOf(byte[] bytes, ByteString wanted) {
        for (int i = 0; i + wanted.size() <= bytes.length; i++) {
            if (ByteString.copyFrom(bytes, i, wanted.size()).equals(wanted)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }
}
