package sago.common.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, written in the order of the calls. Names are in snake_case with the unit last ({@code bytes_read}, {@code elapsed_ms});
 * counts and bytes are whole numbers, never texts with units. A name may come once. Confined to the call that hands it out.
 */
public final class JsonFields {
    private final JsonGenerator json;

    JsonFields(JsonGenerator json) {
        this.json = json;
    }

    /** A text; what is no valid Unicode in it becomes U+FFFD. Names of files are better given as bytes, see {@link #bytes}. */
    public JsonFields put(String name, String value) {
        return write(() -> json.writeStringField(name, wellFormed(value)));
    }

    public JsonFields put(String name, long value) {
        return write(() -> json.writeNumberField(name, value));
    }

    /** A fraction; what is no finite number becomes null. */
    public JsonFields put(String name, double value) {
        return write(() -> {
            if (Double.isFinite(value)) {
                json.writeNumberField(name, value);
            } else {
                json.writeNullField(name);
            }
        });
    }

    public JsonFields put(String name, boolean value) {
        return write(() -> json.writeBooleanField(name, value));
    }

    /** A moment, as text of ISO 8601 in UTC. */
    public JsonFields time(String name, long wallMs) {
        return put(name, JsonLines.TIME.format(Instant.ofEpochMilli(wallMs)));
    }

    /** A text; nothing at all where it is null or empty. */
    public JsonFields putIfAny(String name, @Nullable String value) {
        return value == null || value.isEmpty() ? this : put(name, value);
    }

    /**
     * A name that is bytes, such as a path: as text, and where the bytes are no valid UTF-8 also exactly, as {@code <name>_base64}, while the text then has
     * U+FFFD for what cannot be decoded.
     */
    public JsonFields bytes(String name, byte[] value) {
        try {
            return put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException notUtf8) {
            put(name, new String(value, StandardCharsets.UTF_8));
            return put(name + "_base64", Base64.getEncoder().encodeToString(value));
        }
    }

    /** A list of texts. */
    public JsonFields list(String name, Iterable<String> values) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(wellFormed(value));
            }
            json.writeEndArray();
        });
    }

    /** A list of objects, one for each of the things. */
    public <T> JsonFields list(String name, Iterable<T> things, BiConsumer<JsonFields, T> fields) {
        return write(() -> {
            json.writeArrayFieldStart(name);
            for (T thing : things) {
                json.writeStartObject();
                fields.accept(this, thing);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** An object inside this one. */
    public JsonFields object(String name, Consumer<JsonFields> fields) {
        return write(() -> {
            json.writeObjectFieldStart(name);
            fields.accept(this);
            json.writeEndObject();
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    private JsonFields write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a name twice; memory does not fail
        }
        return this;
    }

    /** Half of a surrogate pair, which a name may hold that the JVM could not decode, has no UTF-8. */
    private static String wellFormed(String text) {
        StringBuilder fixed = null;
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            boolean isPair = Character.isHighSurrogate(unit)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (isPair) {
                at++;
            } else {
                fixed = fixed == null ? new StringBuilder(text) : fixed;
                fixed.setCharAt(at, '\uFFFD');
            }
        }
        return fixed == null ? text : fixed.toString();
    }
}
