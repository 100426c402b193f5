package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.secret.Hkdf;
import sago.common.secret.Hmac;
import sago.common.secret.SecretBytes;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.EpochSecret;
import sago.sender.proto.KeyringContent;
import sago.sender.seal.KemKeyPair;
import sago.sender.seal.SessionKeys;
import sago.sender.seal.SessionScope;

/**
 * The epochs of a dataset's key: one, then while rotating the old and the new one, then the new one. From content to content, or reading;
 * stateless.
 */
final class VaultRotation {
    private static final byte[] HEADER_PROOF = "sago/v1/resealed-header".getBytes(StandardCharsets.US_ASCII);

    private VaultRotation() {}

    /** Whoever lacks the root key cannot make it. */
    static Hash headerProof(SecretBytes root, ByteString header) {
        try (SecretBytes key = SecretBytes.of(Hkdf.expandSha256(root.reveal(), HEADER_PROOF, Hash.BYTES))) {
            return Hash.of(Hmac.sha256(key, header.toByteArray()));
        }
    }

    /** The content with a new epoch of a dataset; the same where one is on its way already. */
    static KeyringContent begun(KeyringContent content, String dataset, SecureRandom random) throws FaultException {
        DatasetSecrets secrets = Contents.require(content, dataset);
        if (secrets.getEpochsCount() > 1) {
            return content;
        }
        int epoch = Contents.newestEpoch(secrets).getEpoch() + 1;
        EpochSecret fresh = EpochSecret.newBuilder()
                .setEpoch(epoch)
                .setSeed(Contents.randomKey(random))
                .build();
        return Contents.with(content, secrets.toBuilder().addEpochs(fresh).build());
    }

    /** The content with nothing but the newest epoch of a dataset. */
    static KeyringContent ended(KeyringContent content, String dataset) throws FaultException {
        DatasetSecrets secrets = Contents.require(content, dataset);
        EpochSecret newest = Contents.newestEpoch(secrets);
        return Contents.with(
                content, secrets.toBuilder().clearEpochs().addEpochs(newest).build());
    }

    static Optional<RotationState> state(KeyringContent content, String dataset) throws FaultException {
        DatasetSecrets secrets = Contents.require(content, dataset);
        if (secrets.getEpochsCount() < 2) {
            return Optional.empty();
        }
        int newest = Contents.newestEpoch(secrets).getEpoch();
        return Optional.of(new RotationState(
                DatasetId.of(secrets.getDataset().toByteArray()),
                secrets.getEpochs(0).getEpoch(),
                newest,
                secrets.getSender(),
                !secrets.getSender().isEmpty() && secrets.getGrantedEpoch() < newest));
    }

    /** Private half of the epoch that a session header names. WRONG_KEY if the vault does not have it. The caller closes it. */
    static SecretBytes seed(KeyringContent content, SessionScope scope) throws FaultException {
        Optional<EpochSecret> epoch = Contents.dataset(content, scope.dataset()).stream()
                .flatMap(dataset -> dataset.getEpochsList().stream())
                .filter(secret -> secret.getEpoch() == scope.keyEpoch())
                .findFirst();
        if (epoch.isEmpty()) {
            throw new FaultException(
                    Fault.WRONG_KEY,
                    "this vault has no key of epoch " + scope.keyEpoch() + " for a session of dataset "
                            + scope.dataset());
        }
        return SecretBytes.of(epoch.get().getSeed().toByteArray());
    }

    /** The session key of a header, sealed to the newest epoch of its dataset. */
    static ByteString reseal(KeyringContent content, ByteString header, SecureRandom random) throws FaultException {
        SessionScope scope = SessionKeys.scope(header);
        try (SecretBytes seed = seed(content, scope)) {
            EpochSecret newest = Contents.newestEpoch(
                    Contents.dataset(content, scope.dataset()).orElseThrow());
            if (newest.getEpoch() == scope.keyEpoch()) {
                throw new FaultException(
                        Fault.PROTOCOL,
                        "the header of session " + scope.session() + " is of the newest key already: nothing to seal");
            }
            try (KemKeyPair pair =
                    KemKeyPair.ofSeed(SecretBytes.of(newest.getSeed().toByteArray()))) {
                return SessionKeys.reseal(header, seed, newest.getEpoch(), pair.publicKey(), random);
            }
        }
    }
}
