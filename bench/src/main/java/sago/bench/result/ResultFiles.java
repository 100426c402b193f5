package sago.bench.result;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as JSON files. */
public final class ResultFiles {
    private ResultFiles() {}

    /** Writes the result, and the folders above the file where they are missing. */
    public static void write(BenchResult result, Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", BenchResult.FORMAT);
        json.put("kind", result.kind());
        json.put("time", result.time());
        json.put("machine", result.machine());
        json.put("versions", result.versions());
        json.put("data", result.data());
        json.put("settings", result.settings());
        json.put("summary", result.summary());
        json.put("samples", result.samples());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(json) + "\n");
    }

    /**
     * Reads a result.
     *
     * @throws IOException if it cannot be read, or is no result of a version that is known here
     */
    public static BenchResult read(Path file) throws IOException {
        Map<String, Object> json;
        try {
            json = JSON.std.mapFrom(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(file + " is no result of a benchmark: " + e.getMessage(), e);
        }
        if (!BenchResult.FORMAT.equals(json.get("format"))) {
            throw new IOException(file + " is no result of a benchmark, or one of another version: its format is "
                    + json.get("format") + ", not " + BenchResult.FORMAT);
        }
        return new BenchResult(
                text(json, "kind", file),
                text(json, "time", file),
                map(json.get("machine"), "machine", file),
                map(json.get("versions"), "versions", file),
                maps(json, "data", file),
                map(json.get("settings"), "settings", file),
                maps(json, "samples", file),
                map(json.get("summary"), "summary", file));
    }

    private static String text(Map<String, Object> json, String name, Path file) throws IOException {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IOException(file + " is damaged: no text '" + name + "'");
    }

    private static List<Map<String, Object>> maps(Map<String, Object> json, String name, Path file) throws IOException {
        if (!(json.get(name) instanceof List<?> list)) {
            throw new IOException(file + " is damaged: no list '" + name + "'");
        }
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Object element : list) {
            maps.add(map(element, name, file));
        }
        return maps;
    }

    private static Map<String, Object> map(@Nullable Object value, String name, Path file) throws IOException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IOException(file + " is damaged: no object '" + name + "'");
        }
        Map<String, Object> checked = new LinkedHashMap<>();
        map.forEach((key, element) -> checked.put(String.valueOf(key), element));
        return checked;
    }
}
