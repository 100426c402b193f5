package sago.common.settings;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The JSON schema (draft 2020-12) of configurations, made from the commands. Confined to one thread. */
public final class SettingsSchema {
    private final CommandSpec root;
    private final JsonGenerator json;

    private SettingsSchema(CommandSpec root, JsonGenerator json) {
        this.root = root;
        this.json = json;
    }

    /** As text, indented. */
    public static String of(CommandSpec root) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            new SettingsSchema(root, json).write();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return text.toString();
    }

    private void write() throws IOException {
        List<String> prefix = SettingsModel.path(root);
        json.writeStartObject();
        json.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.writeStringField("title", "Configuration of Sago");
        json.writeStringField("type", "object");
        json.writeArrayFieldStart("required");
        json.writeString(SettingsModel.VERSION);
        json.writeEndArray();
        json.writeBooleanField("additionalProperties", !prefix.isEmpty());
        json.writeObjectFieldStart("properties");
        json.writeObjectFieldStart(SettingsModel.VERSION);
        json.writeNumberField("const", 1);
        json.writeEndObject();
        if (prefix.isEmpty()) {
            keysAndSections(root);
            datasets();
            json.writeObjectFieldStart("receiver");
            json.writeStringField("type", "object");
            json.writeStringField("description", "Of a site: sago receiver config schema");
            json.writeEndObject();
        } else {
            json.writeFieldName(String.join(" ", prefix));
            section(root);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void section(CommandSpec command) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "object");
        json.writeStringField(
                "description", String.join(" ", command.usageMessage().description()));
        json.writeBooleanField("additionalProperties", false);
        json.writeObjectFieldStart("properties");
        keysAndSections(command);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void keysAndSections(CommandSpec command) throws IOException {
        Map<String, ArgSpec> keys = new LinkedHashMap<>();
        for (CommandSpec one : SettingsModel.within(command)) {
            SettingsModel.options(one).forEach(option -> keys.putIfAbsent(SettingsModel.key(option), option));
        }
        Map<String, CommandSpec> sections = new LinkedHashMap<>();
        SettingsModel.children(command).forEach(child -> sections.put(child.name(), child));
        for (Map.Entry<String, ArgSpec> key : keys.entrySet()) {
            json.writeFieldName(key.getKey());
            CommandSpec sameName = sections.remove(key.getKey());
            if (sameName == null) {
                value(key.getValue());
            } else {
                json.writeStartObject();
                json.writeArrayFieldStart("anyOf"); // a flag and a command may have one name
                value(key.getValue());
                section(sameName);
                json.writeEndArray();
                json.writeEndObject();
            }
        }
        for (Map.Entry<String, CommandSpec> section : sections.entrySet()) {
            json.writeFieldName(section.getKey());
            section(section.getValue());
        }
    }

    private void datasets() throws IOException {
        Map<String, ArgSpec> keys = new LinkedHashMap<>();
        Collection<ArgSpec> possible = new SettingsModel(root).datasetArguments();
        possible.forEach(argument -> keys.putIfAbsent(SettingsModel.key(argument), argument));
        json.writeObjectFieldStart(SettingsModel.DATASETS);
        json.writeStringField("type", "object");
        json.writeStringField("description", "What commands with --dataset NAME take, by name");
        json.writeObjectFieldStart("additionalProperties");
        json.writeStringField("type", "object");
        json.writeBooleanField("additionalProperties", false);
        json.writeObjectFieldStart("properties");
        for (Map.Entry<String, ArgSpec> key : keys.entrySet()) {
            json.writeFieldName(key.getKey());
            value(key.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void value(ArgSpec argument) throws IOException {
        json.writeStartObject();
        json.writeStringField("description", String.join(" ", argument.description()));
        if (SettingsModel.isSwitch(argument)) {
            json.writeStringField("type", "boolean");
        } else {
            json.writeArrayFieldStart("type");
            json.writeString("string");
            json.writeString("number");
            if (argument.isMultiValue()) {
                json.writeString("array");
            }
            json.writeEndArray();
            if (argument.isMultiValue()) {
                json.writeObjectFieldStart("items");
                json.writeArrayFieldStart("type");
                json.writeString("string");
                json.writeString("number");
                json.writeEndArray();
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }
}
