package sago.common.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.common.limits.Limits;
import sago.common.proto.DatasetGrant;
import sago.common.proto.GrantedSite;
import sago.common.sign.SignedType;
import sago.common.sign.SignerRole;
import sago.common.sign.VerifyingKey;

/** Dataset and client grants: who is refused, and with which fault. */
final class GrantsTest {
    private static final int RESTORE = 2;
    private static final int AUDIT = 3;
    private static final VerifyingKey ORDER = Sample.ORDER.verifyingKey();

    private final SiteTerms site = Sample.site("SG", "internal", "personal");
    private final ByteString grant = DatasetGrants.sign(Sample.ORDER, Sample.dataset());

    @Test
    void givesBackTheTermsOfADatasetGrantOnBothEnds() throws FaultException {
        assertThat(DatasetGrants.verify(grant, ORDER, Sample.VAULT, Sample.NOW)).isEqualTo(Sample.dataset());
        assertThat(DatasetGrants.verifyAtSite(grant, site, Sample.NOW)).isEqualTo(Sample.dataset());
    }

    @Test
    void refusesADatasetGrantOfAnotherKeyRoleOrType() {
        ByteString foreign = DatasetGrants.sign(Sample.OTHER_ORDER, Sample.dataset());
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(foreign, site, Sample.NOW));
        ByteString bySender =
                Sample.SENDER.sign(SignerRole.SENDER, SignedType.SESSION_OPEN, DatasetGrant.getDefaultInstance());
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(bySender, site, Sample.NOW));
        ByteString otherType = SiteGrants.sign(Sample.ORDER, site);
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(otherType, site, Sample.NOW));
    }

    @Test
    void refusesADatasetGrantOfAnotherVault() {
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verify(grant, ORDER, Sample.OTHER_VAULT, Sample.NOW));
    }

    @Test
    void refusesADatasetGrantOnceItHasEnded() throws FaultException {
        ByteString ending =
                DatasetGrants.sign(Sample.ORDER, Sample.dataset(Map.of(Sample.SITE.site(), "SG"), Sample.NOW));
        assertThat(DatasetGrants.verifyAtSite(ending, site, Sample.NOW).notAfter())
                .isEqualTo(Sample.NOW);
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(ending, site, Sample.NOW + 1));
    }

    @Test
    void refusesADatasetAtASiteThatItsGrantDoesNotName() {
        ByteString elsewhere =
                DatasetGrants.sign(Sample.ORDER, Sample.dataset(Map.of(Sample.OTHER_SITE.site(), "SG"), 0));
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(elsewhere, site, Sample.NOW));
        ByteString nowhere = DatasetGrants.sign(Sample.ORDER, Sample.dataset(Map.of(), 0));
        Sample.refuses(Fault.PEER_REFUSED, () -> DatasetGrants.verifyAtSite(nowhere, site, Sample.NOW));
    }

    @Test
    void refusesByPolicyAClassOrAJurisdictionThatIsNotAllowed() {
        Sample.refuses(
                Fault.POLICY, () -> DatasetGrants.verifyAtSite(grant, Sample.site("SG", "internal"), Sample.NOW));
        Sample.refuses(
                Fault.POLICY, () -> DatasetGrants.verifyAtSite(grant, Sample.site("HK", "personal"), Sample.NOW));
        Sample.refuses(Fault.POLICY, () -> Sample.dataset().requireAllowedAt(Sample.site("SG", "internal")));
    }

    @Test
    void refusesEveryFlippedBitOfAGrant() {
        for (int bit = 0; bit < grant.size() * 8; bit += 97) {
            byte[] changed = grant.toByteArray();
            changed[bit >> 3] ^= (byte) (1 << (bit & 7));
            int at = bit;
            assertThatThrownBy(() -> DatasetGrants.verifyAtSite(ByteString.copyFrom(changed), site, Sample.NOW))
                    .as("bit " + at)
                    .isInstanceOfSatisfying(
                            FaultException.class,
                            e -> assertThat(e.fault()).isIn(Fault.INTEGRITY, Fault.PEER_REFUSED, Fault.VERSION));
        }
    }

    @Test
    void refusesSignedTermsThatAreNotSound() {
        DatasetGrant sound = payload();
        refusesSigned(Fault.VERSION, sound.toBuilder().setFormat(2));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setKeyEpoch(0));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setKeyEpoch(-1));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setSequence(0));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setDataClass("Personal"));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setDatasetPublicKey(ByteString.copyFrom(new byte[1215])));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setDataset(ByteString.copyFrom(new byte[17])));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().setNotAfter(-1));
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().clearSenderKey());
        refusesSigned(Fault.INTEGRITY, sound.toBuilder().addSites(sound.getSites(0)));
        refusesSigned(
                Fault.INTEGRITY,
                sound.toBuilder().addSites(GrantedSite.newBuilder().setSite(ByteString.EMPTY)));
    }

    @Test
    void fitsAHelloWithAsManySitesAsAreAllowed() {
        Map<SiteId, String> sites = new TreeMap<>();
        for (int i = 0; i < DatasetTerms.SITES_MAX; i++) {
            sites.put(new SiteId(i, i), "SG");
        }
        ByteString longest = DatasetGrants.sign(Sample.ORDER, Sample.dataset(sites, 0));
        assertThat(longest.size()).isLessThan(Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX - 512);
        sites.put(new SiteId(-1, -1), "SG");
        Sample.refusesToBuild(() -> Sample.dataset(sites, 0));
    }

    @Test
    void letsAClientActInItsRolesWithItsKeyUntilItsEnd() throws FaultException {
        ClientTerms terms = new ClientTerms(
                Sample.VAULT, Sample.hash(60), Set.of(RESTORE), 13, Sample.NOW, Sample.NOW + 10, Set.of());
        ByteString client = ClientGrants.sign(Sample.ORDER, terms);
        assertThat(ClientGrants.verifyAtSite(client, site, Sample.hash(60), RESTORE, Sample.NOW))
                .isEqualTo(terms);
        Sample.refuses(
                Fault.PEER_REFUSED, () -> ClientGrants.verifyAtSite(client, site, Sample.hash(60), AUDIT, Sample.NOW));
        Sample.refuses(
                Fault.PEER_REFUSED,
                () -> ClientGrants.verifyAtSite(client, site, Sample.hash(61), RESTORE, Sample.NOW));
        Sample.refuses(
                Fault.PEER_REFUSED,
                () -> ClientGrants.verifyAtSite(client, site, Sample.hash(60), RESTORE, Sample.NOW + 11));
    }

    @Test
    void refusesAClientGrantOfAnotherOrderKeyOrVault() {
        ClientTerms terms =
                new ClientTerms(Sample.VAULT, Sample.hash(60), Set.of(RESTORE), 13, Sample.NOW, 0, Set.of());
        ByteString foreign = ClientGrants.sign(Sample.OTHER_ORDER, terms);
        Sample.refuses(
                Fault.PEER_REFUSED,
                () -> ClientGrants.verifyAtSite(foreign, site, Sample.hash(60), RESTORE, Sample.NOW));
        ByteString otherVault = ClientGrants.sign(
                Sample.ORDER,
                new ClientTerms(Sample.OTHER_VAULT, Sample.hash(60), Set.of(RESTORE), 13, Sample.NOW, 0, Set.of()));
        Sample.refuses(
                Fault.PEER_REFUSED,
                () -> ClientGrants.verifyAtSite(otherVault, site, Sample.hash(60), RESTORE, Sample.NOW));
    }

    @Test
    void limitsAClientToTheDatasetsOfItsGrant() throws FaultException {
        DatasetId other = new DatasetId(9, 9);
        ClientTerms limited = client(Set.of(Sample.DATASET));
        ByteString signed = ClientGrants.sign(Sample.ORDER, limited);
        ClientTerms read = ClientGrants.verifyAtSite(signed, site, Sample.hash(60), AUDIT, Sample.NOW);
        assertThat(read).isEqualTo(limited);
        assertThat(read.covers(Sample.DATASET)).isTrue();
        assertThat(read.covers(other)).isFalse();
        assertThat(client(Set.of()).covers(other)).isTrue();
    }

    @Test
    void boundsTheDatasetsOfAClientGrantSoThatItFitsAHello() {
        Set<DatasetId> datasets = new HashSet<>();
        for (int i = 0; i < Limits.DATASETS_PER_CLIENT_MAX; i++) {
            datasets.add(new DatasetId(i, i));
        }
        assertThat(ClientGrants.sign(Sample.ORDER, client(datasets)).size())
                .isLessThan(Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX - 512);
        datasets.add(new DatasetId(-1, -1));
        Sample.refusesToBuild(() -> client(datasets));
    }

    private static ClientTerms client(Set<DatasetId> datasets) {
        return new ClientTerms(Sample.VAULT, Sample.hash(60), Set.of(RESTORE, AUDIT), 13, Sample.NOW, 0, datasets);
    }

    private DatasetGrant payload() {
        try {
            return DatasetGrant.parseFrom(ORDER.verify(grant, SignerRole.ORDER, SignedType.DATASET_GRANT));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refusesSigned(Fault fault, DatasetGrant.Builder changed) {
        ByteString signed = Sample.ORDER.sign(SignerRole.ORDER, SignedType.DATASET_GRANT, changed.build());
        Sample.refuses(fault, () -> DatasetGrants.verifyAtSite(signed, site, Sample.NOW));
    }
}
