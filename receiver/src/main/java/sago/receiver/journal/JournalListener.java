package sago.receiver.journal;

import java.io.IOException;
import java.util.List;
import sago.common.fault.FaultException;

/** Follows the journal: at first every record that is there, then each group once it is forced. Called by one thread at a time, in order. */
public interface JournalListener {
    /** These records are durable, and nobody was told yet. An exception here stops the journal. */
    void forced(List<JournalRecord> records) throws IOException;

    /** The journal takes nothing any more: what was not acknowledged never will be. Called once. */
    void failed(FaultException failure);
}
