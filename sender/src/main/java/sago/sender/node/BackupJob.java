package sago.sender.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.Set;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.backup.BackupListener;
import sago.sender.backup.BackupMeans;
import sago.sender.backup.BackupOrder;
import sago.sender.backup.BackupResult;
import sago.sender.backup.BackupRun;
import sago.sender.backup.BackupSource;
import sago.sender.backup.HomeState;
import sago.sender.backup.Patience;
import sago.sender.backup.SiteTarget;
import sago.sender.compress.Compression;
import sago.sender.compress.ZstdLibrary;
import sago.sender.index.ChunkIndex;
import sago.sender.keys.DatasetKeys;
import sago.sender.keys.HomeContext;
import sago.sender.keys.SiteEndpoint;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;
import sago.sender.upload.RateLimit;
import sago.sender.upload.Streams;
import sago.sender.upload.UploadPlan;

/**
 * A backup with everything that it needs of a home. The caller holds the lock of the home. Confined to one thread but for {@link #run()}'s
 * {@code progress} and {@code cancel}.
 */
public final class BackupJob implements AutoCloseable {
    /** Packs that are sealed and not yet durable: what the launcher's direct memory is sized for. */
    private static final long WINDOW_BYTES = 6L * Limits.PACK_BYTES;

    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final ChunkIndex index;
    private final BackupRun run;
    private final LiveLimit limit;

    /**
     * What is backed up, where to, and how long it may wait for what passes by itself.
     *
     * @param timeMs that the snapshot shall carry, where it is not its own
     */
    public record Goal(
            DatasetKeys dataset,
            SiteEndpoint site,
            BackupSource source,
            OptionalLong timeMs,
            Bounds bounds,
            Compression compression) {
        /** Files and folders, now and as fast as it can. */
        public Goal(DatasetKeys dataset, SiteEndpoint site, SourceRoots roots, long giveUpAfterNs) {
            this(
                    dataset,
                    site,
                    new BackupSource.Paths(roots, SourceFilter.NONE, Set.of()),
                    OptionalLong.empty(),
                    new Bounds(giveUpAfterNs, RateLimit.OFF, Streams.AUTO, BackupMeans.REPACK_BYTES),
                    Compression.AUTO);
        }
    }

    /**
     * How far it may go.
     *
     * @param giveUpAfterNs {@link UploadPlan#NEVER_NS} for never
     * @param limit of the rate, where the home has none
     * @param streams connections to the site
     * @param repackBytesMax live bytes of packs less than half alive that may be stored anew
     */
    public record Bounds(long giveUpAfterNs, RateLimit limit, Streams streams, long repackBytesMax) {}

    /**
     * Prepares a backup; nothing is read or sent yet.
     *
     * @throws FaultException POLICY where the dataset's class may not go to the site
     */
    public BackupJob(HomeNode node, Goal goal, BackupListener listener) throws IOException {
        DatasetKeys dataset = goal.dataset;
        SiteEndpoint site = goal.site;
        requireAllowed(dataset, site);
        requireUsable(goal.compression);
        HomeContext context = node.context();
        BackupOrder order = new BackupOrder(
                dataset,
                node.sender().signingKey(),
                node.sender().newestKeyring().counter(),
                goal.source,
                goal.timeMs,
                Set.of(context.folder().toRealPath()),
                hostName(),
                node.software());
        this.limit = new LiveLimit(
                new LimitFile(context), goal.bounds.limit, context.clock(), ZoneId.systemDefault(), listener::warning);
        SiteTarget target = new SiteTarget(
                site,
                node.client(site, node.sender().appendCredential(dataset)),
                UploadPlan.of(WINDOW_BYTES, goal.bounds.giveUpAfterNs, context.random())
                        .withRate(limit)
                        .withStreams(goal.bounds.streams));
        this.index = node.index(dataset.dataset());
        HomeState home = new HomeState(
                node.catalog(),
                index,
                context.files(),
                node.treesFolder(),
                node.checkpointFolder(dataset.dataset(), site.site()));
        BackupMeans means = BackupMeans.of(
                        context.aead(),
                        context.random(),
                        context.clock(),
                        Runtime.getRuntime().availableProcessors(),
                        Patience.of(goal.bounds.giveUpAfterNs))
                .withRepackBytesMax(goal.bounds.repackBytesMax)
                .withCompression(goal.compression);
        this.run = new BackupRun(home, means, order, target, listener);
    }

    /** Says in the words of the policy what the grants say too, before a byte is read. */
    private static void requireAllowed(DatasetKeys dataset, SiteEndpoint site) throws FaultException {
        if (!site.terms().classes().contains(dataset.dataClass())) {
            throw new FaultException(
                    Fault.POLICY,
                    "dataset " + dataset.name() + " has class " + dataset.dataClass() + "; site " + site.name() + " ("
                            + site.jurisdiction() + ") may hold "
                            + String.join(", ", site.terms().classes())
                            + ": nothing was sent");
        }
    }

    /** Automatic compression does without what cannot be loaded; who asks for it by name is told. */
    private static void requireUsable(Compression compression) throws FaultException {
        String trouble = compression == Compression.ZSTD ? ZstdLibrary.trouble() : null;
        if (trouble != null) {
            throw new FaultException(
                    Fault.USAGE, "zstd cannot be loaded on this machine: " + trouble + "; leave --compression out");
        }
    }

    /** As the kernel has it: the JDK's way asks a name server. */
    private static String hostName() {
        try {
            return Files.readString(KERNEL_HOST_NAME).strip();
        } catch (IOException nameless) {
            return "localhost";
        }
    }

    public BackupRun run() {
        return run;
    }

    /** Runs it to its end. */
    public BackupResult backUp() throws FaultException, InterruptedException {
        limit.start();
        return run.run();
    }

    @Override
    public void close() throws FaultException {
        limit.close();
        index.close();
    }
}
