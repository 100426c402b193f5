package sago.bench.macro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What /proc says of processes and of the network. Linux only; no state, any thread. */
final class ProcessTable {
    private static final double TICKS_PER_S = 100; // USER_HZ, fixed by the kernel's interface
    private static final int FIRST_TIME_FIELD = 11; // utime, counted from the state, which follows the name
    private static final long PAGE_BYTES = 4096;
    private static final String LISTENING = "0A";

    private ProcessTable() {}

    /** CPU seconds of a process and of its children that have ended and were waited for; empty if it is gone. */
    static Optional<Double> cpuS(long pid) {
        return text(Path.of("/proc", Long.toString(pid), "stat")).map(line -> {
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int i = FIRST_TIME_FIELD; i < FIRST_TIME_FIELD + 4; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_PER_S;
        });
    }

    /** Memory of a process that is in RAM now; 0 if it is gone. */
    static long residentBytes(long pid) {
        return text(Path.of("/proc", Long.toString(pid), "statm"))
                .map(line -> Long.parseLong(line.split(" ", -1)[1]) * PAGE_BYTES)
                .orElse(0L);
    }

    /** Bytes that went over the loopback interface which the process sees: both directions, with their headers, each byte once. */
    static long loopbackBytes(long pid) throws IOException {
        String table = text(Path.of("/proc", Long.toString(pid), "net", "dev"))
                .orElseThrow(() -> new IOException("cannot read the counters of the network"));
        String line = table.lines()
                .map(String::strip)
                .filter(row -> row.startsWith("lo:"))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no loopback interface"));
        return Long.parseLong(line.substring(3).strip().split(" +", -1)[0]);
    }

    /** Whether somebody listens at the port, as the process sees the network. */
    static boolean isListening(long pid, int port) {
        String local = String.format(":%04X", port);
        for (String table : new String[] {"tcp", "tcp6"}) {
            boolean found = text(Path.of("/proc", Long.toString(pid), "net", table))
                    .orElse("")
                    .lines()
                    .map(line -> line.strip().split(" +", -1))
                    .anyMatch(fields -> fields.length > 3 && fields[1].endsWith(local) && fields[3].equals(LISTENING));
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return Optional.empty(); // the process ended meanwhile
        }
    }
}
