package sago.common.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

class SimDiskTest extends DiskContract {
    private static final Path ROOT = Path.of("/sim");

    private final SimDisk disk = new SimDisk(ROOT);

    @Override
    Disk disk() {
        return disk;
    }

    @Override
    Path folder() {
        return ROOT;
    }

    /** A crash at every operation of a replacement, with several seeds: the old file or the new one, never another. */
    @Test
    void atomicWriteSurvivesAPowerLossAtEveryOperation() throws IOException {
        Set<Integer> found = new HashSet<>();
        for (int n = 0; n < 12; n++) {
            for (long seed = 0; seed < 20; seed++) {
                found.add(replaceAndCrash(n, seed, false));
            }
        }
        assertThat(found).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void roomThatIsNotThereIsHomeFullAndTheSameCallGoesOnWhenItIs() throws IOException {
        DurableFiles files = new DurableFiles(disk);
        Path path = ROOT.resolve("a");
        disk.setCapacity(100_000);
        try (DiskFile file = disk.create(path, FileAccess.PRIVATE)) {
            assertThatExceptionOfType(FaultException.class)
                    .isThrownBy(() -> files.allocate(path, file, 200_000))
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.HOME_FULL))
                    .withMessageContaining(ROOT.toString());
            disk.setCapacity(300_000);
            files.allocate(path, file, 200_000);
            assertThat(file.size()).isEqualTo(200_000);
        }
    }

    @Test
    void aDiskThatIgnoresForceLosesTheFile() throws IOException {
        Set<Integer> found = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            found.add(replaceAndCrash(1000, seed, true));
        }
        assertThat(found).contains(0);
    }

    /** 1: the old bytes, 2: the new ones, 0: anything else. */
    private static int replaceAndCrash(int n, long seed, boolean ignoreForce) throws IOException {
        SimDisk sim = new SimDisk(ROOT);
        if (ignoreForce) {
            sim.ignoreForce();
        }
        Path path = ROOT.resolve("f");
        byte[] first = new byte[10_000];
        byte[] second = new byte[9_000];
        Arrays.fill(first, (byte) 1);
        Arrays.fill(second, (byte) 2);
        DurableFiles files = new DurableFiles(sim);
        files.atomicWrite(path, first);
        sim.failAt(n, SimDisk.Failure.CRASH);
        boolean done = true;
        try {
            files.atomicWrite(path, second);
        } catch (IOException powerLoss) {
            done = false;
        }
        SimDisk after = sim.crash(seed);
        if (!after.exists(path)) {
            return 0;
        }
        byte[] read = new DurableFiles(after).read(path, 100_000);
        if (Arrays.equals(read, second)) {
            return 2;
        }
        return !done && Arrays.equals(read, first) ? 1 : 0;
    }

    @Test
    void unforcedNamesMayBeLostAndForcedOnesAreNot() throws IOException {
        Set<Boolean> unforced = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            SimDisk sim = new SimDisk(ROOT);
            new DurableFiles(sim).create(ROOT.resolve("forced"), FileAccess.PRIVATE);
            sim.create(ROOT.resolve("unforced"), FileAccess.PRIVATE);
            SimDisk after = sim.crash(seed);
            assertThat(after.exists(ROOT.resolve("forced"))).isTrue();
            unforced.add(after.exists(ROOT.resolve("unforced")));
        }
        assertThat(unforced).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void failsAtTheChosenOperationInTheChosenWay() throws IOException {
        DiskFile file = disk.create(ROOT.resolve("a"), FileAccess.PRIVATE);
        disk.failAt(1, SimDisk.Failure.ENOSPC);
        file.writeFully(ByteBuffer.allocate(10), 0);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> file.writeFully(ByteBuffer.allocate(10), 10))
                .matches(NoSpace::is);
        disk.failAt(0, SimDisk.Failure.EIO);
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(file::force)
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.DISK));
        disk.failAt(0, SimDisk.Failure.SHORT_WRITE);
        assertThat(file.write(ByteBuffer.allocate(10), 10)).isEqualTo(5);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> file.write(ByteBuffer.allocate(5), 15))
                .matches(NoSpace::is);
        file.writeFully(ByteBuffer.allocate(5), 15);
        assertThat(file.size()).isEqualTo(20);
        disk.setCapacity(25);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> file.write(ByteBuffer.allocate(6), 20))
                .matches(NoSpace::is);
        disk.failAt(0, SimDisk.Failure.CRASH);
        assertThatExceptionOfType(IOException.class).isThrownBy(file::force);
        assertThatExceptionOfType(IOException.class).isThrownBy(file::size).withMessage("power is off");
    }
}
