package sago.common.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who holds the lock of a file, as the kernel lists it in {@code /proc/locks}: for messages only, because it may have changed when it is
 * read. Nothing is written into lock files for it, so nothing can be stale. Stateless.
 */
final class LockHolder {
    private static final Path LIST = Path.of("/proc/locks");

    /** {@code 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 0 EOF}: process, device in hexadecimal, inode. */
    private static final Pattern LINE =
            Pattern.compile("\\d+: \\S+ +\\S+ +\\S+ +(\\d+) ([0-9a-f]+):([0-9a-f]+):(\\d+) .*");

    private static final int MINOR_LOW_BITS = 8;
    private static final long MINOR_LOW_MASK = 0xff;
    private static final long MAJOR_MASK = 0xfff;

    private LockHolder() {}

    /** Its process id; empty where the kernel does not say, or the process is not one of this machine's that are seen from here. */
    static Optional<String> of(Path file) {
        try (Stream<String> lines = Files.lines(LIST)) {
            long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
            long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
            return lines.map(LINE::matcher)
                    .filter(line -> line.matches() && isOf(line, device, inode))
                    .map(line -> line.group(1))
                    .filter(pid -> !pid.equals("0"))
                    .findFirst();
        } catch (IOException
                | UnsupportedOperationException
                | IllegalArgumentException
                | UncheckedIOException unknown) {
            return Optional.empty();
        }
    }

    private static boolean isOf(Matcher line, long device, long inode) {
        long major = Long.parseLong(line.group(2), 16);
        long minor = Long.parseLong(line.group(3), 16);
        long deviceMajor = (device >>> MINOR_LOW_BITS) & MAJOR_MASK;
        long deviceMinor = (device & MINOR_LOW_MASK) | ((device >>> 12) & ~MINOR_LOW_MASK);
        return Long.parseLong(line.group(4)) == inode && major == deviceMajor && minor == deviceMinor;
    }
}
