package sago.common.trust;

import com.google.protobuf.ByteString;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.proto.SessionHeader;
import sago.common.sign.Hashes;

/**
 * Building and reading session headers. They are not signed themselves: session opens and manifest stubs carry the SHA-256 of
 * their exact bytes. Stateless; any thread.
 */
public final class SessionHeaders {
    /** HPKE base mode with X-Wing, HKDF-SHA256 and ChaCha20-Poly1305. */
    public static final int SUITE = 1;

    /** All fields have a fixed length: ids, hash, encapsulation and sealed key make 1,290 bytes at most. */
    public static final int BYTES_MAX = 2048;

    private SessionHeaders() {}

    /** The exact bytes that are hashed, stored and sent. */
    public static ByteString build(SessionHeaderTerms terms) {
        SessionHeader.Builder header = SessionHeader.newBuilder()
                .setFormat(Terms.FORMAT)
                .setSuite(SUITE)
                .setVault(Terms.bytes(terms.vault().toBytes()))
                .setDataset(Terms.bytes(terms.dataset().toBytes()))
                .setKeyEpoch(terms.keyEpoch())
                .setSession(Terms.bytes(terms.session().toBytes()))
                .setEnc(terms.enc())
                .setSealedKey(terms.sealedKey());
        if (!terms.replaces().equals(Hash.ZERO)) {
            header.setReplaces(Terms.bytes(terms.replaces()));
        }
        return header.build().toByteString();
    }

    /** Whether a header is the one with this hash, or says that it replaces it. */
    public static boolean belongsTo(ByteString header, Hash first) throws FaultException {
        return Hashes.sha256(header).equals(first) || read(header).replaces().equals(first);
    }

    /** Reads a header of a peer or a disk; INTEGRITY if it is none, VERSION for another format or suite. */
    public static SessionHeaderTerms read(ByteString bytes) throws FaultException {
        if (bytes.size() > BYTES_MAX) {
            throw new FaultException(Fault.LIMIT, "a session header of " + bytes.size() + " bytes is longer than any");
        }
        return Terms.read("session header", bytes, SessionHeader.parser(), header -> {
            Terms.checkFormat("session header", header.getFormat());
            if (header.getSuite() != SUITE) {
                throw new FaultException(
                        Fault.VERSION,
                        "a session header has suite " + header.getSuite() + ": update sago on this side");
            }
            return new SessionHeaderTerms(
                    VaultId.of(header.getVault().toByteArray()),
                    DatasetId.of(header.getDataset().toByteArray()),
                    header.getKeyEpoch(),
                    SessionId.of(header.getSession().toByteArray()),
                    header.getEnc(),
                    header.getSealedKey(),
                    header.getReplaces().isEmpty() ? Hash.ZERO : Terms.hash(header.getReplaces()));
        });
    }
}
