package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Map;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.protocol.PackPresence;
import sago.sender.pack.PackTransport;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteHead;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.UploadSession;

/** Where a backup goes. */
public interface BackupTarget {
    SiteId site();

    String siteName();

    /**
     * Opens a session. What is not allowed there is refused before anything is sent.
     *
     * @throws FaultException POLICY, SITE_UNREACHABLE, LOCKED and so on
     */
    Session open(SessionOpening opening, UploadSession.Listeners listeners) throws FaultException, InterruptedException;

    /** An open session. Thread-safe. */
    interface Session extends PackTransport, AutoCloseable {
        /** The newest snapshot at the site when the session was opened. */
        SiteHead head();

        /** Images of the window. */
        int windowPacks();

        /** Sealed bytes that no connection has taken yet. */
        long unsentBytes();

        /** What the site holds of these packs. */
        Map<PackId, PackPresence> status(Collection<PackId> packs) throws FaultException, InterruptedException;

        /** Waits until every complete pack is durable and noted. */
        void awaitDurable() throws FaultException, InterruptedException;

        /** Asks for a commit; the same bytes again on every try. */
        CommitResult commit(ByteString stub, ByteString body) throws FaultException, InterruptedException;

        UploadProgress progress();

        @Override
        void close();
    }
}
