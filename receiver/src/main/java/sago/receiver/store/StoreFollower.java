package sago.receiver.store;

import java.io.IOException;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.receiver.journal.JournalListener;
import sago.receiver.journal.JournalRecord;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.PackRecord;

/** Brings what the journal made durable into the database, then to the listener. Confined to the thread that opens, then to the journal's. */
final class StoreFollower implements JournalListener {
    private final StateDb db;
    private final StoreHealth health;
    private final StoreListener listener;
    private volatile boolean live;

    StoreFollower(StateDb db, StoreHealth health, StoreListener listener) {
        this.db = db;
        this.health = health;
        this.listener = listener;
    }

    /** The replay is over. */
    void becomeLive() {
        db.becomeLive();
        live = true;
    }

    @Override
    public void forced(List<JournalRecord> records) throws IOException {
        db.apply(records);
        if (!live) {
            return;
        }
        for (JournalRecord record : records) {
            if (record.type() == RecordType.PACK) {
                listener.packStored(stored(record));
            } else if (record.type() == RecordType.COMMIT || record.type() == RecordType.ORDER) {
                listener.namesChanged();
            }
        }
    }

    private StoredPack stored(JournalRecord record) throws IOException {
        PackRecord pack = PackRecord.parseFrom(record.payload());
        PackRow row = db.reader().pack(PackId.of(pack.getPack().toByteArray())).orElseThrow(StateRow::damaged);
        OpenedSession session = db.reader()
                .session(SessionId.of(pack.getSession().toByteArray()))
                .orElseThrow(StateRow::damaged)
                .opened();
        return new StoredPack(
                row.entry(), session.vault(), row.dataset(), row.session(), record.position(), pack.getKeepUntil());
    }

    @Override
    public void failed(FaultException failure) {
        health.fail(failure);
    }
}
