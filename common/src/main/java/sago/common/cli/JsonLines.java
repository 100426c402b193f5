package sago.common.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Consumer;
import sago.common.time.Clock;

/** Makes JSON lines: one object each, UTF-8, with a line feed at the end and none inside. Loaded only where JSON was asked for. Thread-safe. */
final class JsonLines {
    /** Version of the messages: a member may be added, but none changes its meaning within one version. */
    static final int VERSION = 1;

    static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final JsonFactory factory = JsonFactory.builder()
            .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .build();
    private final Clock clock;
    private final String runId;

    JsonLines(Clock clock, String runId) {
        this.clock = clock;
        this.runId = runId;
    }

    byte[] line(MessageType type, Consumer<JsonFields> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = factory.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeStringField("message_type", type.wireName());
            json.writeStringField("time", TIME.format(Instant.ofEpochMilli(clock.wallMs())));
            json.writeStringField("run_id", runId);
            fields.accept(new JsonFields(json));
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }
}
