package sago.system;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds JSON against docs/json/v1.schema.json. Knows the few words of JSON Schema that stand there, and refuses a schema with others. Immutable.
 */
final class MessageSchema {
    private static final Set<String> WORDS = Set.of(
            "$schema",
            "title",
            "description",
            "type",
            "required",
            "additionalProperties",
            "allOf",
            "properties",
            "if",
            "then",
            "const",
            "enum",
            "pattern",
            "minimum",
            "maximum",
            "items");

    private final Map<String, Object> root;

    private MessageSchema(Map<String, Object> root) {
        this.root = root;
    }

    static MessageSchema read() throws IOException {
        Path file = ProjectClasses.top().resolve("docs/json/v1.schema.json");
        return new MessageSchema(JSON.std.mapFrom(Files.readString(file)));
    }

    /** Every member that a message may have. */
    Set<String> members() {
        return map(root.get("properties")).keySet();
    }

    /** What is wrong with a line; empty if nothing is. */
    List<String> check(String line) {
        List<String> problems = new ArrayList<>();
        try {
            check(root, JSON.std.mapFrom(line), "message", problems);
        } catch (IOException e) {
            problems.add("no JSON");
        }
        return problems.stream().map(problem -> problem + ": " + line).toList();
    }

    private static void check(Map<String, Object> schema, Object value, String where, List<String> problems) {
        for (String word : schema.keySet()) {
            if (!WORDS.contains(word)) {
                throw new IllegalStateException("this check does not know " + word);
            }
        }
        if (schema.containsKey("const") && !schema.get("const").equals(value)) {
            problems.add(where + " is not " + schema.get("const"));
        }
        if (schema.get("enum") instanceof List<?> values && !values.contains(value)) {
            problems.add(where + " is none of " + values);
        }
        Object type = schema.get("type");
        List<?> types = type instanceof List<?> several ? several : type == null ? List.of() : List.of(type);
        if (!types.isEmpty() && types.stream().noneMatch(one -> is(value, String.valueOf(one)))) {
            problems.add(where + " is not of type " + types);
        }
        if (schema.get("pattern") instanceof String pattern && value instanceof String text && !text.matches(pattern)) {
            problems.add(where + " is not like " + pattern);
        }
        if (value instanceof Number number) {
            bounds(schema, number, where, problems);
        }
        if (value instanceof List<?> list && schema.containsKey("items")) {
            list.forEach(one -> check(map(schema.get("items")), one, where + "[]", problems));
        }
        if (value instanceof Map<?, ?> object) {
            members(schema, map(object), where, problems);
        }
        if (schema.get("allOf") instanceof List<?> parts) {
            for (Object part : parts) {
                List<String> unmet = new ArrayList<>();
                check(map(map(part).get("if")), value, where, unmet);
                if (unmet.isEmpty()) {
                    check(map(map(part).get("then")), value, where, problems);
                }
            }
        }
    }

    private static void bounds(Map<String, Object> schema, Number number, String where, List<String> problems) {
        boolean isLess = schema.get("minimum") instanceof Number least && number.doubleValue() < least.doubleValue();
        boolean isMore = schema.get("maximum") instanceof Number most && number.doubleValue() > most.doubleValue();
        if (isLess || isMore) {
            problems.add(where + " is out of bounds");
        }
    }

    private static void members(
            Map<String, Object> schema, Map<String, Object> object, String where, List<String> problems) {
        if (schema.get("required") instanceof List<?> required) {
            required.stream()
                    .filter(name -> !object.containsKey(String.valueOf(name)))
                    .forEach(name -> problems.add(where + " lacks " + name));
        }
        if (!(schema.get("properties") instanceof Map<?, ?> known)) {
            return;
        }
        object.forEach((name, value) -> {
            if (known.get(name) instanceof Map<?, ?> one) {
                check(map(one), value, name, problems);
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                problems.add(where + " has an unknown member " + name);
            }
        });
    }

    private static boolean is(Object value, String type) {
        return switch (type) {
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "array" -> value instanceof List<?>;
            case "object" -> value instanceof Map<?, ?>;
            default -> throw new IllegalStateException("this check does not know the type " + type);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
