package sago.receiver.journal;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import sago.common.id.Hash;
import sago.common.limits.Limits;

/**
 * A journal record, big-endian:
 *
 * <pre>
 *   0  4  length of the payload
 *   4  4  CRC32C of bytes 8 to the end of the payload
 *   8  8  sequence, from 1
 *  16  2  type
 *  18  2  version, 1
 *  20  8  group: the sequence of the first record of its group commit
 *  28 32  chain hash of the record before, zeros for the first
 *  60     payload
 * </pre>
 *
 * The chain hash of a record is SHA-256 of bytes 8 to its end. Every record before {@code group} had been forced when this one was
 * written: that is how recovery tells a record that was damaged after it had been promised from one that a power loss tore out of the last
 * group, whose blocks reach the disk in any order.
 *
 * <p>Confined to one thread.
 */
final class RecordCodec {
    static final int CRC_OFFSET = 4;
    static final int SEQUENCE_OFFSET = 8;
    static final int TYPE_OFFSET = 16;
    static final int VERSION_OFFSET = 18;
    static final int GROUP_OFFSET = 20;
    static final int PREVIOUS_OFFSET = 28;
    static final int HEADER_BYTES = 60;
    static final int VERSION = 1;

    private final CRC32C crc = new CRC32C();
    private final MessageDigest sha256;

    RecordCodec() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    /** Appends a record to the buffer and returns its position. */
    JournalPosition encode(ByteBuffer to, JournalPosition previous, long group, RecordType type, ByteString payload) {
        int start = to.position();
        long sequence = previous.sequence() + 1;
        to.putInt(payload.size()).putInt(0).putLong(sequence);
        to.putShort((short) type.id()).putShort((short) VERSION).putLong(group);
        previous.chain().write(to);
        payload.copyTo(to);
        ByteBuffer covered = covered(to, start, payload.size());
        to.putInt(start + CRC_OFFSET, crc(covered));
        return new JournalPosition(sequence, chain(covered));
    }

    /** Whether a record with a right CRC begins here; the buffer holds it whole. Version and type are not judged. */
    boolean isIntact(ByteBuffer record, int start, int payloadBytes) {
        return record.getInt(start + CRC_OFFSET) == crc(covered(record, start, payloadBytes));
    }

    Hash chainHash(ByteBuffer record, int start, int payloadBytes) {
        return chain(covered(record, start, payloadBytes));
    }

    /** Whether this can be the length of a payload. */
    static boolean isLength(int payloadBytes) {
        return payloadBytes >= 0 && payloadBytes <= Limits.JOURNAL_RECORD_BYTES_MAX;
    }

    private static ByteBuffer covered(ByteBuffer record, int start, int payloadBytes) {
        int from = start + SEQUENCE_OFFSET;
        return record.slice(from, HEADER_BYTES - SEQUENCE_OFFSET + payloadBytes);
    }

    private int crc(ByteBuffer covered) {
        crc.reset();
        crc.update(covered.duplicate());
        return (int) crc.getValue();
    }

    private Hash chain(ByteBuffer covered) {
        sha256.update(covered.duplicate());
        return Hash.of(sha256.digest());
    }
}
