package sago.common.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;

/**
 * Reads one YAML file into sections, texts and lists of texts; nothing else is allowed in it: no key twice, no empty value, no tag of its own, no deeper
 * nesting than commands have. Loaded only where there is a file. Confined to one thread.
 */
final class SettingsReader {
    private static final int DEPTH_MAX = 5;
    private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

    private final Path file;

    SettingsReader(Path file) {
        this.file = file;
    }

    /** What the file says; an empty file says nothing. */
    Section read() throws IOException {
        Optional<Node> root;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setCodePointLimit(Limits.SETTINGS_FILE_BYTES_MAX)
                    .setAllowNonScalarKeys(true) // refused below, with their place
                    .setUseMarks(true)
                    .build();
            root = new Compose(settings).composeString(text());
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String problem = e.getProblem() == null ? "is no YAML" : e.getProblem();
            throw mark.map(this::place).orElse(new Place(file, 1, 1)).fault("no YAML here: " + problem);
        } catch (YamlEngineException e) {
            throw new FaultException(Fault.USAGE, file + ": " + e.getMessage(), e);
        }
        if (root.isEmpty()) {
            return Section.EMPTY;
        }
        if (root.get() instanceof MappingNode mapping) {
            return section(mapping, 0);
        }
        throw place(root.get()).fault("a configuration is `key: value`, line by line");
    }

    private String text() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(Limits.SETTINGS_FILE_BYTES_MAX + 1);
        }
        if (bytes.length > Limits.SETTINGS_FILE_BYTES_MAX) {
            throw new FaultException(
                    Fault.USAGE,
                    file + " is longer than " + Limits.SETTINGS_FILE_BYTES_MAX + " bytes: that is no configuration");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FaultException(Fault.USAGE, file + " is no UTF-8", e);
        }
    }

    private Section section(MappingNode mapping, int depth) throws FaultException {
        if (depth >= DEPTH_MAX) {
            throw place(mapping).fault("nested too deep");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        Map<String, Section> sections = new LinkedHashMap<>();
        Map<String, Place> keys = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            String key = text(keyNode, "a key");
            Place before = keys.putIfAbsent(key, place(keyNode));
            if (before != null) {
                throw place(keyNode).fault("key '" + key + "' stands here twice, first in line " + before.line());
            }
            Node node = tuple.getValueNode();
            if (node instanceof MappingNode inner) {
                sections.put(key, section(inner, depth + 1));
            } else if (node instanceof SequenceNode sequence) {
                List<String> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(text(item, "an item of '" + key + "'"));
                }
                values.put(key, new Value(items, true, place(node)));
            } else {
                values.put(key, new Value(List.of(text(node, "'" + key + "'")), false, place(node)));
            }
        }
        return new Section(place(mapping), values, sections, keys);
    }

    private String text(Node node, String what) throws FaultException {
        if (!(node instanceof ScalarNode scalar)) {
            throw place(node).fault(what + " must be a plain text or number");
        }
        if (!node.getTag().getValue().startsWith(STANDARD_TAGS)) {
            throw place(node).fault(what + " has a tag, which means nothing here");
        }
        if (node.getTag().equals(Tag.NULL)) {
            throw place(node).fault(what + " has no value: leave the key out, or write \"\"");
        }
        if (scalar.getValue().indexOf('\0') >= 0) {
            throw place(node).fault(what + " has a NUL character");
        }
        return scalar.getValue();
    }

    private Place place(Node node) {
        return node.getStartMark().map(this::place).orElse(new Place(file, 1, 1));
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
