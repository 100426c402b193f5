package sago.bench.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A folder that is measured with.
 *
 * @param files in it, which stand for its entries
 */
record Sampled(Path folder, long files, long bytes) {
    double gb() {
        return bytes / 1e9;
    }

    /** As result files name it. */
    String name() {
        return String.valueOf(folder.getFileName());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name());
        json.put("files", files);
        json.put("bytes", bytes);
        return json;
    }
}
