package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.proto.SessionHeader;
import sago.common.secret.SecretBytes;
import sago.common.sign.Hashes;
import sago.common.trust.DatasetTerms;
import sago.common.trust.Orders;
import sago.common.trust.SiteTerms;
import sago.sender.seal.SealedSession;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;

/** The key of a dataset is replaced: what the vault does for it. */
final class RotationTest {
    private final HomeContext home = TestHome.fresh();

    @Test
    void sealsSessionsToTheNewEpochUntilTheOldOneGoes() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            DatasetId users = vault.createDataset("users", "internal");
            SealedSession session = session(vault, users, grant());
            assertThat(vault.rotation("users")).isEmpty();
            TestHome.refuses(Fault.NOT_FOUND, () -> vault.rotation("nothing"));

            long before = grant().sequence();
            assertThat(vault.beginRotation("users")).isEqualTo(2);
            assertThat(vault.beginRotation("users")).isEqualTo(2);
            assertThat(grant().keyEpoch()).isEqualTo(2);
            assertThat(grant().sequence()).isEqualTo(before + 1);
            RotationState state = vault.rotation("users").orElseThrow();
            assertThat(state).isEqualTo(new RotationState(users, 1, 2, "", false));

            ByteString header = vault.reseal(session.header());
            requireReplaces(header, session.header(), 2);
            requireOpens(vault, session, header);
            requireOpens(vault, session, session.header());
            TestHome.refuses(Fault.PROTOCOL, () -> vault.reseal(header));

            long counter = vault.keyringCounter();
            vault.endRotation("users");
            assertThat(vault.keyringCounter()).isEqualTo(counter + 1);
            assertThat(vault.rotation("users")).isEmpty();
            TestHome.refuses(Fault.WRONG_KEY, () -> vault.openSession(session.header()));
            requireOpens(vault, session, header);

            assertThat(vault.beginRotation("users")).isEqualTo(3);
            ByteString again = vault.reseal(header);
            requireReplaces(again, session.header(), 3); // the first one's hash, not that of the second
            requireOpens(vault, session, again);
        }
    }

    @Test
    void takesASequenceForEachOrderForGood() throws IOException {
        ByteString first;
        try (Vault vault = TestHome.create(home)) {
            vault.addSite(TestHome.SG, TestHome.ADDRESS, TestHome.INTERNAL);
            DatasetId users = vault.createDataset("users", "internal");
            SealedSession session = session(vault, users, grant());
            vault.beginRotation("users");
            long counter = vault.keyringCounter();
            first = vault.resealOrder(TestHome.SG.site(), users, List.of(vault.reseal(session.header())));
            assertThat(vault.keyringCounter()).isEqualTo(counter);
        }
        try (Vault vault = TestHome.open(home)) {
            DatasetId users = vault.datasets().get(0).id();
            ByteString retire = vault.retireOrder(TestHome.SG.site(), users, 2);
            SiteTerms at = vault.sites().get(0).terms();
            long one = Orders.verifyAtSite(first, at, home.nowSeconds()).sequence();
            long two = Orders.verifyAtSite(retire, at, home.nowSeconds()).sequence();
            assertThat(two).isEqualTo(one + 1);
            assertThat(grant().sequence()).isLessThan(one);
            TestHome.refuses(
                    Fault.PEER_REFUSED, () -> Orders.verifyAtSite(retire, at, home.nowSeconds() + 8 * 24 * 3600));
        }
    }

    @Test
    void refusesHeadersOfOthers() throws IOException {
        try (Vault vault = TestHome.create(home)) {
            DatasetId users = vault.createDataset("users", "internal");
            vault.beginRotation("users");
            DatasetTerms grant = grant();
            ByteString epoch9 = SessionKeys.create(
                            new SessionScope(vault.id(), users, 9, new SessionId(1, 1)),
                            grant.publicKey(),
                            TestHome.RANDOM)
                    .header();
            TestHome.refuses(Fault.WRONG_KEY, () -> vault.reseal(epoch9));
            TestHome.refuses(Fault.INTEGRITY, () -> vault.reseal(ByteString.copyFromUtf8("\u0001")));
        }
    }

    private static void requireReplaces(ByteString header, ByteString first, int epoch) throws IOException {
        SessionHeader parsed = SessionHeader.parseFrom(header);
        assertThat(parsed.getReplaces())
                .isEqualTo(ByteString.copyFrom(Hashes.sha256(first).toBytes()));
        assertThat(parsed.getKeyEpoch()).isEqualTo(epoch);
        assertThat(SessionKeys.firstHeader(header)).isEqualTo(Hashes.sha256(first));
    }

    private static void requireOpens(Vault vault, SealedSession session, ByteString header) throws FaultException {
        try (SecretBytes key = vault.openSession(header)) {
            assertThat(key).isEqualTo(session.key());
        }
    }

    private static SealedSession session(Vault vault, DatasetId dataset, DatasetTerms grant) throws FaultException {
        SessionScope scope = new SessionScope(vault.id(), dataset, grant.keyEpoch(), new SessionId(1, 1));
        return SessionKeys.create(scope, grant.publicKey(), TestHome.RANDOM);
    }

    private DatasetTerms grant() throws IOException {
        try (SenderHome sender = SenderHome.open(home)) {
            return sender.dataset("users").grant();
        }
    }
}
