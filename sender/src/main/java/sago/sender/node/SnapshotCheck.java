package sago.sender.node;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import sago.common.id.PackId;
import sago.sender.proto.SnapshotBody;
import sago.sender.restore.ChunkSample;
import sago.sender.restore.DataCheck;
import sago.sender.restore.DataCheckSummary;
import sago.sender.restore.DataSample;
import sago.sender.restore.RestoreListener;
import sago.sender.retain.WalkMemory;

/**
 * What makes a snapshot verified: with the vault's keys its session header and manifest are opened, its tree is walked as far as a sample
 * needs or as a whole, and chunks of its data are opened and compared with their ids. The header and the manifest were opened by
 * the {@link SnapshotReader}, which there is none of without a vault. Confined to one thread, but {@link #progress} is for any.
 */
public final class SnapshotCheck {
    /** Chunks of a sample: one lost pack in twenty is met by 64 with a probability of 96 %. */
    public static final int SAMPLE_CHUNKS = 64;

    private static final int WORKERS_MIN = 4;
    private static final int PERCENT_MAX = 100;

    private final HomeNode node;
    private final SnapshotReader reader;
    private final int percent;
    private final DataCheck check;

    /** @param percent of the data to read; 0: a sample */
    public SnapshotCheck(HomeNode node, SnapshotReader reader, int percent, RestoreListener listener) {
        this.node = node;
        this.reader = reader;
        this.percent = percent;
        int workers = Math.max(WORKERS_MIN, Runtime.getRuntime().availableProcessors());
        DataSample sample = percent == 0 || percent == PERCENT_MAX
                ? DataSample.all()
                : new DataSample(percent, node.context().random().nextLong());
        this.check = new DataCheck(reader.chunks(), sample, workers, listener);
    }

    /**
     * What was opened.
     *
     * @param entries of the tree that were met
     * @param packs that the sample's chunks lie in; 0 where data was read by percent
     */
    public record Result(long entries, int packs, long chunks, long bytes, long damaged) {
        public boolean isSound() {
            return damaged == 0;
        }
    }

    /** What was read so far. */
    public DataCheckSummary progress() {
        return check.progress();
    }

    /**
     * Checks, and marks the snapshot as verified if nothing is wrong with it.
     *
     * @param site what the site says of its packs: without that, a sample proves little, so those of this snapshot must be sound
     */
    public Result run(Verification.Report site) throws IOException, InterruptedException {
        if (!site.isSound(reader.manifest())) {
            throw new IllegalArgumentException("the site does not hold what it promised");
        }
        Result result = percent == 0 ? readSample() : readShare();
        if (result.isSound()) {
            VerifyMarks.Verified mark = new VerifyMarks.Verified(
                    node.context().clock().wallMs(),
                    reader.sequence(),
                    reader.manifest(),
                    result.chunks(),
                    result.bytes(),
                    percent);
            new VerifyMarks(node.context())
                    .verified(reader.dataset().id(), reader.endpoint().site(), mark);
            // Beside the vault, because what may expire rests on it.
            try (WalkMemory memory = ForgetPlanner.memory(node, reader.dataset(), reader.endpoint())) {
                memory.verified(reader.manifest(), mark.atMs());
            }
        }
        return result;
    }

    private Result readSample() throws IOException, InterruptedException {
        SnapshotBody body = reader.body();
        long entries = body.getFiles() + body.getDirectories() + body.getOthers();
        Random random = new Random(node.context().random().nextLong());
        ChunkSample sample = new ChunkSample(reader.chunks(), reader.root(), entries, random);
        List<ChunkSample.Drawn> drawn = sample.draw(SAMPLE_CHUNKS);
        int packs = drawn.stream()
                .map(one -> one.ref().pack())
                .collect(Collectors.<PackId>toSet())
                .size();
        DataCheckSummary read = check.run(drawn);
        return new Result(sample.met(), packs, read.read(), read.bytes(), read.damaged());
    }

    private Result readShare() throws IOException, InterruptedException {
        DataCheckSummary read = check.run(reader.root());
        return new Result(read.entries(), 0, read.read(), read.bytes(), read.damaged());
    }
}
