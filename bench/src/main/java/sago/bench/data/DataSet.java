package sago.bench.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One data set, fully described: the same values give the same files, byte for byte. Immutable.
 *
 * @param kind what stands in the files
 * @param bytes plaintext bytes, the sum of all files' lengths
 * @param seed another seed gives other data of the same kind and size
 */
public record DataSet(DataKind kind, long bytes, long seed) {
    public DataSet {
        if (bytes < 1) {
            throw new IllegalArgumentException("a data set of " + bytes + " bytes");
        }
    }

    /** Two threads write faster than one on every machine that can run the benchmarks. */
    private static final int THREADS = 2;

    /** What was written. */
    public record Contents(long files, long folders, long links, long bytes) {
        /** Files, folders and symbolic links, without the top. */
        public long entries() {
            return files + folders + links;
        }
    }

    /** Short and exact: kind and bytes, and the seed where it is not 1. */
    public String name() {
        return kind.word() + ":" + DataSets.size(bytes) + (seed == 1 ? "" : "#" + seed);
    }

    /**
     * Writes the data set below the folder, which is made if it is missing.
     *
     * @throws IOException if the folder holds something, or the disk has no room
     */
    public Contents generate(Path folder) throws IOException {
        return new Generator(this, Layout.of(this)).write(folder, THREADS);
    }

    /** How to make it again, for result files. */
    public Map<String, Object> describe(Contents contents) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("name", name());
        description.put("files", contents.files());
        description.put("entries", contents.entries());
        description.put("bytes", contents.bytes());
        description.put("seed", seed);
        description.put(
                "again", "bin/sago bench data " + kind.word() + ":" + DataSets.size(bytes) + " DIR --seed " + seed);
        return description;
    }
}
