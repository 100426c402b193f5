package sago.common.trust;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.time.Instant;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.sign.Aliasing;
import sago.common.sign.UnknownFields;

/**
 * What reading terms has in common. The records of this package refuse bad values at birth, when they are built and when they are
 * read, so that every check exists once; here their refusal becomes a fault of whoever sent the bytes.
 */
final class Terms {
    static final int FORMAT = 1;

    /** The end of the year 9999. */
    private static final long SECONDS_MAX = 253_402_300_799L;

    private Terms() {}

    /** Makes terms out of a parsed message. */
    interface Reading<M, T> {
        T read(M message) throws FaultException;
    }

    /** Parses bytes, refuses unknown critical fields, and makes terms of them. */
    static <M extends Message, T> T read(String what, ByteString bytes, Parser<M> parser, Reading<M, T> reading)
            throws FaultException {
        try {
            M message = Aliasing.parse(parser, bytes);
            UnknownFields.refuse(message);
            return reading.read(message);
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "a " + what + " is damaged: it cannot be parsed", e);
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.INTEGRITY, "a " + what + " is not valid: " + e.getMessage(), e);
        }
    }

    /** VERSION unless the format is the one that this version knows. */
    static void checkFormat(String what, int format) throws FaultException {
        if (format != FORMAT) {
            throw new FaultException(
                    Fault.VERSION,
                    "a " + what + " has format " + format + ", this version knows " + FORMAT
                            + ": update sago on this side");
        }
    }

    static Hash hash(ByteString bytes) {
        return Hash.of(bytes.toByteArray());
    }

    static ByteString bytes(Hash hash) {
        return ByteString.copyFrom(hash.toBytes());
    }

    static ByteString bytes(byte[] bytes) {
        return ByteString.copyFrom(bytes);
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** PEER_REFUSED with the given reason unless it holds. */
    static void demand(boolean holds, String otherwise) throws FaultException {
        if (!holds) {
            throw new FaultException(Fault.PEER_REFUSED, otherwise);
        }
    }

    /** PEER_REFUSED if terms ended before now; 0 is no end. */
    static void checkNotAfter(String what, long notAfter, long nowSeconds) throws FaultException {
        if (notAfter != 0 && nowSeconds > notAfter) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the " + what + " ended at " + Instant.ofEpochSecond(notAfter)
                            + ": let home issue a new one, or set this machine's clock");
        }
    }

    /** What every grant and order says of its issue: a number of the vault's counter, when, and until when it holds. */
    static void requireIssue(long sequence, long issuedAt, long notAfter) {
        require(sequence > 0, "sequence");
        requireTime(issuedAt);
        requireTime(notAfter);
    }

    /** Seconds since the epoch that can be printed; 0 is allowed. */
    static void requireTime(long seconds) {
        require(seconds >= 0 && seconds <= SECONDS_MAX, "time");
    }
}
