package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.Set;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.protocol.ClientRole;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.trust.ClientGrants;
import sago.common.trust.ClientTerms;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.HomeIdentity;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.seal.KemKeyPair;

/**
 * Signs grants, each with the next sequence. Nobody may see one before {@code vault.pb} holds the last sequence that was taken. One thread.
 */
final class GrantIssuer {
    private final HomeContext context;
    private final HomeIdentity home;
    private final SigningKey order;
    private long sequence;

    /** @param sequence the last that is taken; borrows the key */
    GrantIssuer(HomeContext context, HomeIdentity home, SigningKey order, long sequence) {
        this.context = context;
        this.home = home;
        this.order = order;
        this.sequence = sequence;
    }

    HomeIdentity home() {
        return home;
    }

    /** The last sequence that is taken. */
    long sequence() {
        return sequence;
    }

    /** Takes the next sequence, for something that is signed elsewhere. */
    long next() {
        return ++sequence;
    }

    /** What the grant of a dataset for this sender would say now: its newest epoch, the sites that may hold its class. */
    DatasetTerms terms(DatasetSecrets dataset, Policy policy, Grantee sender) {
        EpochSecret epoch = Contents.newestEpoch(dataset);
        try (KemKeyPair pair = KemKeyPair.ofSeed(SecretBytes.of(epoch.getSeed().toByteArray()))) {
            return new DatasetTerms(
                    home.vault(),
                    DatasetId.of(dataset.getDataset().toByteArray()),
                    dataset.getDataClass(),
                    epoch.getEpoch(),
                    pair.publicKey(),
                    sender.key(),
                    sender.tlsSpki(),
                    policy.sitesFor(dataset.getDataClass()),
                    policy.sha256(),
                    sequence + 1,
                    context.nowSeconds(),
                    0);
        }
    }

    /** A dataset grant with the next sequence. */
    ByteString sign(DatasetTerms terms) {
        return DatasetGrants.sign(order, terms.withIssue(next(), context.nowSeconds()));
    }

    /** A client grant for role audit of these datasets, none of them for all, with the next sequence. */
    ByteString audit(Hash tlsSpki, Set<DatasetId> datasets) {
        next();
        return client(ClientRole.AUDIT, tlsSpki, datasets);
    }

    /** A client grant with the last sequence, since nothing orders such grants, and without an end: a wrong clock must lock nobody out. */
    ByteString client(ClientRole role, Hash tlsSpki, Set<DatasetId> datasets) {
        ClientTerms terms = new ClientTerms(
                home.vault(), tlsSpki, Set.of(role.wireId()), sequence, context.nowSeconds(), 0, datasets);
        return ClientGrants.sign(order, terms);
    }
}
