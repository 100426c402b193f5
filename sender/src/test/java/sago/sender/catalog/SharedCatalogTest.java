package sago.sender.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.pack.PackEntry;

/** Backups of different datasets have a catalog each, over one file. */
class SharedCatalogTest {
    private static final int BACKUPS = 4;
    private static final int PACKS = 50;
    private static final SiteId SITE = new SiteId(4, 4);

    @TempDir
    Path folder;

    @Test
    void backupsThatBeginAndWriteAtOnceAllFindWhatTheyWrote() throws Exception {
        for (int round = 0; round < 5; round++) {
            Path file = folder.resolve(round + ".db");
            CyclicBarrier start = new CyclicBarrier(BACKUPS);
            ExecutorService threads = Executors.newFixedThreadPool(BACKUPS);
            try {
                List<Future<?>> backups = new ArrayList<>();
                for (int i = 1; i <= BACKUPS; i++) {
                    int dataset = i;
                    backups.add(threads.submit(() -> {
                        start.await();
                        return backUp(file, dataset);
                    }));
                }
                for (Future<?> backup : backups) {
                    assertThat(backup.get()).isEqualTo(PACKS);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static int backUp(Path file, int number) throws Exception {
        DatasetId dataset = new DatasetId(2, number);
        SessionId session = new SessionId(3, number);
        try (Catalog catalog = Catalog.open(file)) {
            catalog.packs().sessionOpened(dataset, session, ByteString.copyFromUtf8("header " + number), 1000);
            for (int i = 1; i <= PACKS; i++) {
                PackEntry pack = new PackEntry(new PackId(number, i), 64 << 10, Hash.ZERO);
                catalog.packs().packDurable(new PackOrigin(dataset, session), SITE, pack, 99);
            }
            return catalog.packs().uncommitted(dataset, SITE).size();
        }
    }
}
