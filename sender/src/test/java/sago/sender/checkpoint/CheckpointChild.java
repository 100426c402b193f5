package sago.sender.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.tree.Entry;

/** A process that writes a checkpoint, to be killed or to meet a full disk. */
final class CheckpointChild {
    static final int FILES = 40_000;
    static final String RECORDED = "recorded: ";
    private static final int STEP_BYTES = 192 << 10;

    /** Each attempt at a sum begins anew, so larger steps. */
    private static final int SUM_STEP_BYTES = 800 << 10;

    private CheckpointChild() {}

    /** Starts this class in a JVM with the flags of this one. */
    static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add") || flag.startsWith("-Dchronicle")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(CheckpointChild.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        if (arguments[0].equals("write")) {
            writeForEver(folder);
        } else {
            fullDisk(folder);
        }
    }

    /** Says after each thousand files that they were recorded; nothing is forced after the first pack. */
    private static void writeForEver(Path folder) throws IOException {
        CheckpointJournal journal = CheckpointJournal.open(folder, new DurableFiles(Disk.real()));
        journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
        journal.sealed(Samples.pack(1), Samples.chunks(1, 3, ChunkKind.DATA));
        for (int n = 0; ; n++) {
            journal.files(n, List.of(Samples.file(n, 1)));
            if (n % 1000 == 0) {
                System.out.println(RECORDED + n);
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A disk with no room at all, on which a little is made each time that something needs it. */
    private static void fullDisk(Path disk) throws IOException {
        DurableFiles files = new DurableFiles(Disk.real());
        Path folder = disk.resolve("checkpoint");
        Ballast writing = new Ballast(disk.resolve("ballast"), STEP_BYTES);
        writing.fill();
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            writing.until(() -> journal.beginRun(Samples.SESSION, Samples.SCAN_MS));
            writing.until(() -> journal.sealed(Samples.pack(1), Samples.chunks(1, 3, ChunkKind.DATA)));
            for (int n = 0; n < FILES; n++) {
                int item = n;
                writing.until(() -> journal.files(item, List.of(Samples.file(item, 1))));
            }
            writing.until(journal::save);
        }
        System.out.println("full while writing: " + writing.met);
        Ballast summing = new Ballast(disk.resolve("ballast"), SUM_STEP_BYTES);
        summing.fill();
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            List<Optional<FinishedFiles>> sum = new ArrayList<>();
            summing.until(() -> sum.add(journal.merge(1)));
            System.out.println("full while summing up: " + summing.met);
            try (FinishedFiles finished = sum.get(0).orElseThrow()) {
                for (int n = 0; n < FILES; n++) {
                    Entry file = finished.file(Samples.key(n));
                    if (file == null || !file.equals(Samples.file(n, 1))) {
                        throw new IllegalStateException("file " + n + " is lost");
                    }
                }
            }
        }
        System.out.println("whole");
    }

    /** Takes all room of a disk, and gives it back bit by bit. */
    private static final class Ballast {
        private final Path path;
        private final int stepBytes;
        private int met;

        Ballast(Path path, int stepBytes) {
            this.path = path;
            this.stepBytes = stepBytes;
        }

        void fill() throws IOException {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.seek(file.length());
                byte[] block = new byte[4096];
                while (true) {
                    file.write(block);
                }
            } catch (IOException full) {
                System.out.println("filled: " + Files.size(path));
            }
        }

        void until(Step step) throws IOException {
            while (true) {
                try {
                    step.run();
                    return;
                } catch (FaultException e) {
                    if (e.fault() != Fault.HOME_FULL) {
                        throw e;
                    }
                    met++;
                    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                        file.setLength(Math.max(0, file.length() - stepBytes));
                    }
                }
            }
        }
    }

    /** All that a process says. */
    static String output(Process process) throws IOException {
        try (InputStream in = process.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
