package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.id.SessionId;
import sago.common.limits.Limits;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.SweepRecord;

/**
 * Lets go of packs that no snapshot names any more. The journal record is what makes a pack unknown; its file goes after it, and at the next
 * start if a crash comes between. Thread-safe by two monitors: that of commits, so that a commit comes before a sweep, which then finds its
 * packs named, or after it and finds them missing; and that of sessions, so that none comes to life between the question which live and
 * the deletion of what it had stored.
 */
final class Sweeps {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);

    private final StoreContext context;
    private final Commits commits;
    private final Sessions sessions;

    Sweeps(StoreContext context, Commits commits, Sessions sessions) {
        this.context = context;
        this.commits = commits;
        this.sessions = sessions;
    }

    /** @param live sessions whose packs stay; asked under the locks */
    SweepOutcome sweep(Supplier<? extends Collection<SessionId>> live) throws IOException {
        RetentionReader retention = context.state().retention();
        synchronized (commits) {
            synchronized (sessions) {
                context.health().check();
                long nowMs = context.clock().wallMs();
                List<PackRow> due = retention.due(nowMs, context.graceMs(), live.get(), Limits.PACKS_PER_SWEEP_MAX);
                long bytes = due.isEmpty() ? 0 : sweep(due, nowMs);
                return new SweepOutcome(
                        due.size(),
                        bytes,
                        retention.unnamed(),
                        due.size() == Limits.PACKS_PER_SWEEP_MAX,
                        retention.nextDueMs(nowMs, context.graceMs()));
            }
        }
    }

    private long sweep(List<PackRow> due, long nowMs) throws IOException {
        SweepRecord.Builder record = SweepRecord.newBuilder().setTimeMs(nowMs);
        due.forEach(
                pack -> record.addPacks(ByteString.copyFrom(pack.entry().id().toBytes())));
        Commits.await(context.journal().append(RecordType.SWEEP, record.build().toByteString()));
        long bytes = 0;
        for (PackRow pack : due) {
            try {
                context.files().deleteSwept(pack.entry().id());
                bytes += pack.lost() ? 0 : pack.entry().length();
            } catch (IOException e) {
                LOG.warn(
                        "the file of swept pack {} could not be deleted and stays until the next start: {}",
                        pack.entry().id(),
                        e.getMessage());
            }
        }
        return bytes;
    }
}
