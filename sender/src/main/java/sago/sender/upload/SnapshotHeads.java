package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.proto.ListManifests;
import sago.common.proto.ManifestHead;
import sago.common.proto.Manifests;

/** Collects the pages of a list of snapshots and checks that they ascend. Confined to one thread. */
final class SnapshotHeads {
    /** Snapshots of one list: hourly ones for a century. */
    static final int HEADS_MAX = 1_000_000;

    private final String label;
    private final @Nullable DatasetId dataset;
    private final List<SnapshotHead> heads = new ArrayList<>();
    private long from;
    private boolean more = true;

    SnapshotHeads(String label, @Nullable DatasetId dataset, long from) {
        this.label = label;
        this.dataset = dataset;
        this.from = from;
    }

    boolean more() {
        return more;
    }

    List<SnapshotHead> list() {
        return List.copyOf(heads);
    }

    ListManifests next(int max) {
        ListManifests.Builder request =
                ListManifests.newBuilder().setFromSequence(from).setMax(max);
        if (dataset != null) {
            request.setDataset(ByteString.copyFrom(dataset.toBytes()));
        } else if (!heads.isEmpty()) {
            SnapshotHead last = heads.get(heads.size() - 1);
            request.setAfterDataset(ByteString.copyFrom(last.dataset().toBytes()))
                    .setAfterSequence(last.sequence());
        }
        return request.build();
    }

    void add(Manifests page) throws FaultException {
        for (ManifestHead row : page.getHeadsList()) {
            add(row);
        }
        more = page.getMore();
        if (more && (page.getHeadsCount() == 0 || heads.size() >= HEADS_MAX)) {
            throw new FaultException(
                    Fault.LIMIT,
                    label + " lists more snapshots than can be taken at once, or says so without listing any");
        }
    }

    private void add(ManifestHead row) throws FaultException {
        if (row.getDataset().size() != DatasetId.BYTES || row.getHash().size() != Hash.BYTES) {
            throw new FaultException(Fault.PROTOCOL, label + " lists a snapshot without dataset or hash");
        }
        SnapshotHead head = new SnapshotHead(
                DatasetId.of(row.getDataset().toByteArray()),
                row.getSequence(),
                Hash.of(row.getHash().toByteArray()),
                row.getExpired(),
                row.getTimeMs());
        SnapshotHead last = heads.isEmpty() ? null : heads.get(heads.size() - 1);
        boolean asked = (dataset == null || head.dataset().equals(dataset)) && head.sequence() >= from;
        boolean ascends = last == null
                || head.dataset().compareTo(last.dataset()) > 0
                || (head.dataset().equals(last.dataset()) && head.sequence() > last.sequence());
        if (!asked || !ascends) {
            throw new FaultException(Fault.PROTOCOL, label + " lists snapshots that were not asked, or not in order");
        }
        heads.add(head);
        if (dataset != null) {
            from = head.sequence() + 1;
        }
    }
}
