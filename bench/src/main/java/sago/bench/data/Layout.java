package sago.bench.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Which folders, files and links a data set has, and how long each file is; nothing of their content. Paths are relative, ASCII, with slashes; a
 * folder stands before what is in it. Immutable.
 */
record Layout(List<String> folders, List<FilePlan> files, List<Link> links) {
    private static final long LARGE_FILE_BYTES = 256_000_000;

    Layout {
        folders = List.copyOf(folders);
        files = List.copyOf(files);
        links = List.copyOf(links);
    }

    /** What stands in a file. */
    enum Matter {
        TEXT,
        BINARY,
        LOG,
        RANDOM
    }

    /** One file to write. */
    record FilePlan(String path, long bytes, Matter matter, boolean isExecutable) {}

    /** One symbolic link and what it says. */
    record Link(String path, String target) {}

    static Layout of(DataSet set) {
        return switch (set.kind()) {
            case TREE -> new TreeLayout(set).layout();
            case SMALL -> small(set);
            case LOGS -> large(set, "access-", ".log", Matter.LOG);
            case IMAGE ->
                new Layout(List.of(), List.of(new FilePlan("disk.img", set.bytes(), Matter.RANDOM, false)), List.of());
            case RANDOM -> large(set, "blob-", ".bin", Matter.RANDOM);
        };
    }

    /** Files of one length, as few as the largest length allows, but two where there is enough for two. */
    private static Layout large(DataSet set, String begin, String end, Matter matter) {
        long count = Math.max(set.bytes() < 2_000_000 ? 1 : 2, (set.bytes() + LARGE_FILE_BYTES - 1) / LARGE_FILE_BYTES);
        List<FilePlan> files = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long bytes = set.bytes() * (i + 1) / count - set.bytes() * i / count;
            files.add(new FilePlan(begin + String.format("%05d", i) + end, bytes, matter, false));
        }
        return new Layout(List.of(), files, List.of());
    }

    /** Lengths between none and twice the mean, 256 files in a folder, half text and half like programs. */
    private static Layout small(DataSet set) {
        Draw draw = Draw.of(set.seed(), -2);
        int count = (int) Math.max(1, set.bytes() / set.kind().bytesPerEntry());
        List<String> folders = new ArrayList<>();
        List<FilePlan> files = new ArrayList<>();
        long rest = set.bytes();
        for (int i = 0; i < count; i++) {
            String folder = String.format("%04x", i / 256);
            if (i % 256 == 0) {
                folders.add(folder);
            }
            long mean = rest / (count - i);
            long bytes =
                    i == count - 1 ? rest : Math.min(rest, (long) draw.below((int) Math.min(2 * mean + 1, 1 << 30)));
            rest -= bytes;
            files.add(new FilePlan(
                    folder + "/" + String.format("%08x", i), bytes, i % 2 == 0 ? Matter.TEXT : Matter.BINARY, false));
        }
        return new Layout(folders, files, List.of());
    }
}
