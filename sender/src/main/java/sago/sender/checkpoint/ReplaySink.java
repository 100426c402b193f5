package sago.sender.checkpoint;

import java.util.List;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.PackedChunk;

/** Hears what the runs before had written down of their packs, in the order in which it happened. Called on one thread. */
public interface ReplaySink {
    /** This pack was complete and handed to the window of that session. */
    void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) throws FaultException;

    /** The site acknowledged this pack, which was sealed before unless that record is lost. */
    void acknowledged(PackId pack, long keepUntil) throws FaultException;
}
