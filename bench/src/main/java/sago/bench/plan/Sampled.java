package sago.bench.plan;

import java.nio.file.Path;

/**
 * A folder that is measured with.
 *
 * @param files in it, which stand for its entries
 */
record Sampled(Path folder, long files, long bytes) {
    double gb() {
        return bytes / 1e9;
    }
}
