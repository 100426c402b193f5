package sago.bench.result;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reads values of a result, which may come from anywhere: what is absent or of another kind is empty, never an exception. */
public final class Fields {
    private Fields() {}

    /** A finite number. */
    public static OptionalDouble number(Map<String, Object> map, String name) {
        return map.get(name) instanceof Number number && Double.isFinite(number.doubleValue())
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** Text, numbers and truth values as text; otherwise empty text. */
    public static String text(Map<String, Object> map, String name) {
        Object value = map.get(name);
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : "";
    }

    /** An object; empty where there is none. */
    public static Map<String, Object> object(Map<String, Object> map, String name) {
        return map.get(name) instanceof Map<?, ?> inner ? named(inner) : Collections.emptyMap();
    }

    /** The objects of a list; empty where there is none. */
    public static List<Map<String, Object>> objects(Map<String, Object> map, String name) {
        List<Map<String, Object>> found = new ArrayList<>();
        if (map.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Map<?, ?> inner) {
                    found.add(named(inner));
                }
            }
        }
        return found;
    }

    private static Map<String, Object> named(Map<?, ?> map) {
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, value) -> named.put(String.valueOf(key), value));
        return named;
    }
}
