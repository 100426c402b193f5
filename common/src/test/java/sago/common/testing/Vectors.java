package sago.common.testing;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Assumptions;

/** The folder of public test vectors, named by the system property {@code sago.vectors}. A test that needs it is skipped where it is absent. */
public final class Vectors {
    private Vectors() {}

    /** A file or folder in it. */
    public static Path path(String name) {
        String folder = System.getProperty("sago.vectors", "");
        Path path = Path.of(folder, name);
        Assumptions.assumeTrue(
                !folder.isEmpty() && Files.exists(path), "skipped: no vectors, sago.vectors has no " + name);
        return path;
    }

    public static Map<String, Object> object(Path file) throws IOException {
        return JSON.std.mapFrom(Files.readAllBytes(file));
    }

    public static List<Object> list(String name) throws IOException {
        return JSON.std.listFrom(Files.readAllBytes(path(name)));
    }

    /** Gives every test of a Wycheproof file with its group. */
    public static void wycheproof(String file, BiConsumer<Map<String, Object>, Map<String, Object>> test)
            throws IOException {
        for (Object group : items(object(path("wycheproof/" + file)), "testGroups")) {
            for (Object one : items(fields(group), "tests")) {
                test.accept(fields(group), fields(one));
            }
        }
    }

    @SuppressWarnings("unchecked") // the parser gives objects as maps with string keys
    public static Map<String, Object> fields(Object object) {
        return (Map<String, Object>) object;
    }

    @SuppressWarnings("unchecked") // the parser gives arrays as lists
    public static List<Object> items(Map<String, Object> object, String field) {
        return (List<Object>) object.getOrDefault(field, List.of());
    }

    public static String text(Map<String, Object> object, String field) {
        return String.valueOf(object.get(field));
    }

    public static int number(Map<String, Object> object, String field) {
        return ((Number) object.getOrDefault(field, -1)).intValue();
    }

    public static byte[] hex(Map<String, Object> object, String field) {
        return HexFormat.of().parseHex(text(object, field));
    }
}
