package sago.receiver.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sago.common.durable.DiskFile;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;

/**
 * Reads a journal from its beginning and finds its end: the longest prefix in which every record is intact, in sequence and chained. What
 * follows it is a torn tail, to be cut, only if it can be the group that was being written when the power went: otherwise a record
 * that was promised is damaged, and nothing is touched. Confined to one thread.
 */
final class JournalRecovery {
    /** Where the journal ends. An empty name: there is no file yet. */
    record End(JournalPosition position, String segment, long segmentBytes) {}

    private static final int BATCH_RECORDS = 1_000;

    private final JournalSettings settings;
    private final JournalPosition witness;
    private final JournalListener listener;
    private final RecordCodec codec = new RecordCodec();
    private final List<JournalRecord> batch = new ArrayList<>();
    private JournalPosition end = JournalPosition.START;

    /** @param witness a position that is known to have been forced, or START */
    JournalRecovery(JournalSettings settings, JournalPosition witness, JournalListener listener) {
        this.settings = settings;
        this.witness = witness;
        this.listener = listener;
    }

    /** Hands every record to the listener, cuts a torn tail, and says where to go on. */
    End run() throws IOException {
        List<String> segments = JournalSegments.list(settings);
        String last = "";
        long lastBytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            last = segments.get(i);
            boolean isLast = i == segments.size() - 1;
            if (JournalSegments.firstSequence(last) != end.sequence() + 1) {
                throw corrupt(last, 0, "the file begins at another record than the one before it ends with");
            }
            lastBytes = scan(last, isLast);
        }
        if (end.sequence() < witness.sequence()) {
            throw new FaultException(
                    Fault.INTEGRITY,
                    "the journal in " + settings.folder() + " ends at record " + end.sequence() + ", but record "
                            + witness.sequence()
                            + " was forced: acknowledged packs may be lost. Check the disk. To go on"
                            + " with what is left, delete state.db, start again, and let home verify this site");
        }
        deliver();
        return new End(end, last, lastBytes);
    }

    /** Scans one file and returns the bytes of its valid prefix, to which it is cut. */
    private long scan(String segment, boolean isLast) throws IOException {
        Path path = settings.folder().resolve(segment);
        try (DiskFile file = settings.disk().open(path)) {
            SegmentWindow window = new SegmentWindow(file);
            long offset = 0;
            while (readRecord(window, offset, segment)) {
                offset += RecordCodec.HEADER_BYTES + payloadBytes(window, offset);
            }
            if (offset == window.size()) {
                return offset;
            }
            requireTornTail(window, offset, segment, isLast);
            file.truncate(offset);
            file.force();
            return offset;
        }
    }

    private static int payloadBytes(SegmentWindow window, long offset) throws IOException {
        return window.bytes().getInt(window.require(offset, RecordCodec.HEADER_BYTES));
    }

    /** Takes the next record of the prefix; false where there is none. */
    private boolean readRecord(SegmentWindow window, long offset, String segment) throws IOException {
        if (!isIntact(window, offset)) {
            return false;
        }
        int payloadBytes = payloadBytes(window, offset);
        int at = window.require(offset, RecordCodec.HEADER_BYTES + payloadBytes);
        ByteBuffer bytes = window.bytes();
        JournalPosition next = new JournalPosition(end.sequence() + 1, codec.chainHash(bytes, at, payloadBytes));
        if (bytes.getLong(at + RecordCodec.SEQUENCE_OFFSET) != next.sequence()) {
            throw corrupt(segment, offset, "the record is out of sequence");
        }
        if (!Hash.read(bytes.duplicate().position(at + RecordCodec.PREVIOUS_OFFSET))
                .equals(end.chain())) {
            throw corrupt(segment, offset, "the record does not continue the one before");
        }
        int version = bytes.getShort(at + RecordCodec.VERSION_OFFSET) & 0xffff;
        int typeId = bytes.getShort(at + RecordCodec.TYPE_OFFSET) & 0xffff;
        RecordType type = RecordType.ofId(typeId);
        if (version != RecordCodec.VERSION || type == null) {
            throw new FaultException(
                    Fault.VERSION,
                    "record " + next.sequence() + " of " + settings.folder() + " has version " + version + ", type "
                            + typeId + ": a newer sago wrote it, use that one");
        }
        if (next.sequence() == witness.sequence() && !next.equals(witness)) {
            throw corrupt(segment, offset, "the record is not the one that was forced with this number");
        }
        ByteString payload = ByteString.copyFrom(bytes.duplicate()
                .limit(at + RecordCodec.HEADER_BYTES + payloadBytes)
                .position(at + RecordCodec.HEADER_BYTES));
        end = next;
        batch.add(new JournalRecord(next, type, payload));
        if (batch.size() == BATCH_RECORDS) {
            deliver();
        }
        return true;
    }

    private boolean isIntact(SegmentWindow window, long offset) throws IOException {
        if (!window.has(offset, RecordCodec.HEADER_BYTES)) {
            return false;
        }
        int payloadBytes = payloadBytes(window, offset);
        if (!RecordCodec.isLength(payloadBytes) || !window.has(offset, RecordCodec.HEADER_BYTES + payloadBytes)) {
            return false;
        }
        int at = window.require(offset, RecordCodec.HEADER_BYTES + payloadBytes);
        return codec.isIntact(window.bytes(), at, payloadBytes);
    }

    /** A later file, or an intact record of a later group, proves that the bad record had been forced. */
    private void requireTornTail(SegmentWindow window, long badOffset, String segment, boolean isLast)
            throws IOException {
        if (!isLast) {
            throw corrupt(segment, badOffset, "the record is damaged and a later file follows");
        }
        long bad = end.sequence() + 1;
        for (long offset = badOffset + 1; window.has(offset, RecordCodec.HEADER_BYTES); offset++) {
            int at = window.require(offset, RecordCodec.HEADER_BYTES);
            if (window.bytes().getLong(at + RecordCodec.GROUP_OFFSET) > bad
                    && window.bytes().getShort(at + RecordCodec.VERSION_OFFSET) == RecordCodec.VERSION
                    && isIntact(window, offset)) {
                throw corrupt(segment, badOffset, "the record is damaged and a valid one of a later group follows");
            }
        }
    }

    private FaultException corrupt(String segment, long offset, String what) {
        return new FaultException(
                Fault.INTEGRITY,
                "journal corruption in " + settings.folder().resolve(segment) + " at byte " + offset + " (record "
                        + (end.sequence() + 1) + "): " + what
                        + ". Nothing was changed. Restore the file from a copy of this site, or set up a new site");
    }

    private void deliver() throws IOException {
        if (!batch.isEmpty()) {
            listener.forced(List.copyOf(batch));
            batch.clear();
        }
    }
}
