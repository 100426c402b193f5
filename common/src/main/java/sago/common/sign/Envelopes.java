package sago.common.sign;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.proto.SignedEnvelope;

/** Reading signed envelopes without judging who signed them. Stateless; any thread. */
public final class Envelopes {
    /** What an envelope holds besides its payload: two signatures, a key id, tags and lengths (3,420 bytes), rounded up. */
    static final int OVERHEAD_BYTES_MAX = 4096;

    private Envelopes() {}

    /**
     * The payload of an envelope whose signatures were NOT checked: only for finding out which key to verify it with, and for
     * hashing what was verified before.
     */
    public static ByteString unverifiedPayload(ByteString envelope, SignedType type) throws FaultException {
        return parse(envelope, type).getPayload();
    }

    /** SHA-256 over the payload of an envelope: of a manifest stub, the manifest hash. Signatures are NOT checked. */
    public static Hash payloadHash(ByteString envelope, SignedType type) throws FaultException {
        return Hashes.sha256(unverifiedPayload(envelope, type));
    }

    /** Which of these types an envelope says it is, bounded as that type is; PEER_REFUSED for any other. Signatures are NOT checked. */
    public static SignedType unverifiedType(ByteString envelope, SignedType... allowed) throws FaultException {
        SignedType longest = Collections.max(List.of(allowed), Comparator.comparingInt(SignedType::payloadBytesMax));
        int wireId = parse(envelope, longest).getType();
        for (SignedType type : allowed) {
            if (type.wireId() == wireId) {
                return type;
            }
        }
        throw new FaultException(
                Fault.PEER_REFUSED, "a signed message of type " + wireId + " stands where none of that type may");
    }

    static SignedEnvelope parse(ByteString envelope, SignedType type) throws FaultException {
        if (envelope.size() > type.payloadBytesMax() + OVERHEAD_BYTES_MAX) {
            throw new FaultException(
                    Fault.LIMIT, "a " + type.label() + " of " + envelope.size() + " bytes is longer than is allowed");
        }
        SignedEnvelope signed;
        try {
            signed = Aliasing.parse(SignedEnvelope.parser(), envelope);
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "a " + type.label() + " is damaged: no signed envelope", e);
        }
        UnknownFields.refuse(signed);
        if (signed.getPayload().size() > type.payloadBytesMax()) {
            throw new FaultException(
                    Fault.LIMIT,
                    "a " + type.label() + " of " + signed.getPayload().size() + " bytes is longer than is allowed");
        }
        return signed;
    }
}
