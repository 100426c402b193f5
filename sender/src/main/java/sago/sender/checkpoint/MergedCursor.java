package sago.sender.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** The sum of the runs before, which stands in order. Memory: one block. */
final class MergedCursor implements FinishedCursor {
    private final RecordReader reader;
    private final long end;
    private List<FinishedItem> block = List.of();
    private int next;

    MergedCursor(Stretch merged) {
        this.reader = new RecordReader(merged.file(), merged.start());
        this.end = merged.end();
    }

    @Override
    public @Nullable FinishedItem peek() throws FaultException {
        while (next == block.size()) {
            if (reader.place().position() >= end) {
                return null;
            }
            JournalRecord record = reader.next();
            if (record == null || (record.type() != RecordType.FILES && record.type() != RecordType.REGION)) {
                throw new FaultException(Fault.INTEGRITY, "the checkpoint's sum of finished files is damaged");
            }
            block = Records.finished(record);
            next = 0;
        }
        return block.get(next);
    }

    @Override
    public void advance() {
        next++;
    }
}
