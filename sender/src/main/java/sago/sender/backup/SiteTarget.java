package sago.sender.backup;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;
import sago.common.protocol.PackPresence;
import sago.sender.keys.SiteEndpoint;
import sago.sender.pack.PackImage;
import sago.sender.pack.PackedChunk;
import sago.sender.upload.CommitResult;
import sago.sender.upload.SessionOpening;
import sago.sender.upload.SiteClient;
import sago.sender.upload.SiteHead;
import sago.sender.upload.UploadPlan;
import sago.sender.upload.UploadProgress;
import sago.sender.upload.UploadSession;

/** A site over the network. Immutable. */
public final class SiteTarget implements BackupTarget {
    private final SiteEndpoint endpoint;
    private final SiteClient client;
    private final UploadPlan plan;

    /** @param client of role append, for that endpoint */
    public SiteTarget(SiteEndpoint endpoint, SiteClient client, UploadPlan plan) {
        this.endpoint = endpoint;
        this.client = client;
        this.plan = plan;
    }

    @Override
    public SiteId site() {
        return endpoint.site();
    }

    @Override
    public String siteName() {
        return endpoint.name();
    }

    @Override
    public Session open(SessionOpening opening, UploadSession.Listeners listeners)
            throws FaultException, InterruptedException {
        opening.grant().requireAllowedAt(endpoint.terms());
        return new Uploading(UploadSession.open(client, opening, plan, listeners));
    }

    /** Hands everything on. */
    private record Uploading(UploadSession upload) implements Session {
        @Override
        public SiteHead head() {
            return upload.head();
        }

        @Override
        public int windowPacks() {
            return upload.windowPacks();
        }

        @Override
        public long unsentBytes() {
            return upload.unsentBytes();
        }

        @Override
        public Map<PackId, PackPresence> status(Collection<PackId> packs) throws FaultException, InterruptedException {
            return upload.status(packs);
        }

        @Override
        public PackImage acquire() throws FaultException, InterruptedException {
            return upload.acquire();
        }

        @Override
        public void sliceReady(PackImage image, int slice) throws FaultException {
            upload.sliceReady(image, slice);
        }

        @Override
        public void complete(PackImage image, PackEntry entry, List<PackedChunk> chunks) throws FaultException {
            upload.complete(image, entry, chunks);
        }

        @Override
        public void release(PackImage image) {
            upload.release(image);
        }

        @Override
        public void awaitDurable() throws FaultException, InterruptedException {
            upload.awaitDurable();
        }

        @Override
        public CommitResult commit(ByteString stub, ByteString body) throws FaultException, InterruptedException {
            return upload.commit(stub, body);
        }

        @Override
        public UploadProgress progress() {
            return upload.progress();
        }

        @Override
        public void close() {
            upload.close();
        }
    }
}
