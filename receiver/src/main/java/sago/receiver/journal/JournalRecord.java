package sago.receiver.journal;

import com.google.protobuf.ByteString;

/** A record that is durable. Immutable. */
public record JournalRecord(JournalPosition position, RecordType type, ByteString payload) {
    public long sequence() {
        return position.sequence();
    }
}
