package sago.sender.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What share of the machine's cores had nothing to do, from the kernel's own count. Confined to one thread at a time. */
final class IdleCores {
    /** Ticks of all cores since the machine started: user, nice, system, idle, iowait, irq, softirq, steal … */
    private static final Path KERNEL = Path.of("/proc/stat");

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int GUEST = 8;

    private final Path file;
    private long lastTicks;
    private long lastIdle;

    IdleCores() {
        this(KERNEL);
    }

    IdleCores(Path file) {
        this.file = file;
        share();
    }

    /** Since the last call, 0 to 1; 0 where it cannot be known. */
    double share() {
        try (var lines = Files.lines(file)) {
            String[] words = lines.findFirst().orElse("").trim().split("\\s+", -1);
            long ticks = 0;
            long idle = 0;
            // A guest's time is in that of users already.
            for (int i = 0; i < Math.min(words.length - 1, GUEST); i++) {
                long one = Long.parseLong(words[i + 1]);
                ticks += one;
                idle += i == IDLE || i == IOWAIT ? one : 0;
            }
            double share = ticks > lastTicks ? (double) (idle - lastIdle) / (ticks - lastTicks) : 0;
            lastTicks = ticks;
            lastIdle = idle;
            return Math.min(1, Math.max(0, share));
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }
}
