package sago.bench.micro;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.VaultId;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.DatasetTerms;
import sago.sender.backup.BackupListener;
import sago.sender.backup.BackupMeans;
import sago.sender.backup.BackupOrder;
import sago.sender.backup.BackupResult;
import sago.sender.backup.BackupRun;
import sago.sender.backup.BackupSource;
import sago.sender.backup.BackupTarget;
import sago.sender.backup.HomeState;
import sago.sender.backup.Patience;
import sago.sender.catalog.Catalog;
import sago.sender.compress.Compression;
import sago.sender.index.IndexBounds;
import sago.sender.index.SegmentIndex;
import sago.sender.keys.DatasetKeys;
import sago.sender.seal.AeadProviders;
import sago.sender.seal.KemKeyPair;
import sago.sender.source.SourceFilter;
import sago.sender.source.SourceRoots;

/** A home that has backed up nothing yet, for one full backup. Deleted with all it holds when it is closed. */
final class BackupHome implements AutoCloseable {
    private static final SecureRandom RANDOM = KernelRandom.create();
    private static final SigningKey SIGNER = SigningKey.generate(RANDOM);
    private static final KemKeyPair DATASET_PAIR = KemKeyPair.generate(RANDOM);

    private final DurableFiles files = new DurableFiles(Disk.real());
    private final Path folder;
    private final HomeState state;

    BackupHome() throws IOException {
        folder = Files.createTempDirectory("sago-bench");
        state = new HomeState(
                Catalog.open(folder.resolve("catalog.db")),
                SegmentIndex.open(folder.resolve("index"), files, IndexBounds.DEFAULT),
                files,
                folder,
                folder.resolve("checkpoint"));
    }

    /** Backs a folder up with so many workers. */
    BackupResult run(Path source, BackupTarget target, int workers) throws FaultException, InterruptedException {
        BackupSource paths = new BackupSource.Paths(SourceRoots.of(List.of(source)), SourceFilter.NONE, Set.of());
        BackupOrder order =
                new BackupOrder(dataset(), SIGNER, 1, paths, OptionalLong.empty(), Set.of(), "bench", "sago bench");
        BackupMeans means = BackupMeans.of(AeadProviders.choose(), RANDOM, Clock.system(), workers, Patience.ENDLESS)
                .withCompression(Compression.LZ4);
        return new BackupRun(state, means, order, target, new Silence()).run();
    }

    @Override
    public void close() throws IOException {
        state.index().close();
        state.catalog().close();
        files.deleteTree(folder);
    }

    private static DatasetKeys dataset() {
        DatasetTerms terms = new DatasetTerms(
                new VaultId(1, 1),
                new DatasetId(2, 2),
                "internal",
                1,
                DATASET_PAIR.publicKey(),
                SIGNER.verifyingKey(),
                Hash.ZERO,
                Map.of(),
                Hash.ZERO,
                1,
                1,
                0);
        return new DatasetKeys(
                "bench",
                terms,
                ByteString.EMPTY,
                SecretBytes.of(Corpus.noise(32)),
                SecretBytes.of(Corpus.noise(32)),
                List.of(SIGNER.verifyingKey()));
    }

    /** Nothing happens to files that a benchmark has made for itself. */
    private static final class Silence implements BackupListener {
        @Override
        public void unreadable(Path path, String reason) {
            throw new IllegalStateException(path + ": " + reason);
        }

        @Override
        public void vanished(Path path) {
            throw new IllegalStateException(path + " vanished");
        }

        @Override
        public void changed(Path path) {
            throw new IllegalStateException(path + " was changed");
        }

        @Override
        public void warning(String message) {
            throw new IllegalStateException(message);
        }
    }
}
