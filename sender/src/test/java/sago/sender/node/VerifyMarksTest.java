package sago.sender.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.time.Clock;
import sago.sender.keys.HomeContext;
import sago.sender.seal.AeadProviders;

class VerifyMarksTest {
    private static final DatasetId DATASET = new DatasetId(1, 2);
    private static final SiteId SITE = new SiteId(3, 4);
    private static final VerifyMarks.Verified VERIFIED =
            new VerifyMarks.Verified(1_700_000_000_000L, 7, new Hash(1, 2, 3, 4), 64, 61_000_000, 0);
    private static final VerifyMarks.SiteCheck CHECKED = new VerifyMarks.SiteCheck(1_700_000_000_001L, 8, 11, 1 << 20);

    @TempDir
    private Path folder;

    private VerifyMarks marks;
    private Path verified;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectory(folder.resolve("sender"));
        marks = new VerifyMarks(new HomeContext(
                folder, new DurableFiles(Disk.real()), new SecureRandom(), Clock.system(), AeadProviders.choose()));
        verified = folder.resolve("sender/verified/" + DATASET + "-" + SITE + ".snapshot");
    }

    @Test
    void whatWasWrittenIsRead() throws Exception {
        marks.verified(DATASET, SITE, VERIFIED);
        marks.checked(DATASET, SITE, CHECKED);

        assertThat(marks.verified(DATASET, SITE)).contains(VERIFIED);
        assertThat(marks.checked(DATASET, SITE)).contains(CHECKED);
        assertThat(marks.verified(DATASET, new SiteId(3, 5))).isEmpty();
    }

    @Test
    void whatTheSiteSaysOfItselfMakesNoSnapshotVerified() throws Exception {
        marks.checked(DATASET, SITE, CHECKED);

        assertThat(marks.verified(DATASET, SITE)).isEmpty();
    }

    @Test
    void everyFlippedBitMakesItCountAsNone() throws Exception {
        marks.verified(DATASET, SITE, VERIFIED);
        byte[] good = Files.readAllBytes(verified);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(verified, bad);
            assertThat(marks.verified(DATASET, SITE)).as("bit " + bit).isEmpty();
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(verified, Arrays.copyOf(good, length));
            assertThat(marks.verified(DATASET, SITE)).as(length + " bytes").isEmpty();
        }
        Files.write(verified, new byte[10_000]);
        assertThat(marks.verified(DATASET, SITE)).isEmpty();
    }

    @Test
    void aMarkOfAnotherDatasetOrOfTheFormatBeforeCountsAsNone() throws Exception {
        marks.verified(DATASET, SITE, VERIFIED);
        byte[] good = Files.readAllBytes(verified);
        DatasetId other = new DatasetId(1, 3);
        Files.write(folder.resolve("sender/verified/" + other + "-" + SITE + ".snapshot"), good);
        assertThat(marks.verified(other, SITE)).isEmpty();

        Files.writeString(verified, "1 1700000000000 7 100\n");
        assertThat(marks.verified(DATASET, SITE)).isEmpty();
    }
}
