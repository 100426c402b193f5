package sago.common.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys with values, and sections below, in the order of the file. Immutable. */
public final class Section {
    /** Of no file. */
    public static final Section EMPTY = new Section(null, Map.of(), Map.of(), Map.of());

    private final @Nullable Place place;
    private final Map<String, Value> values;
    private final Map<String, Section> sections;
    private final Map<String, Place> keys;

    /** @param keys where each key stands */
    Section(@Nullable Place place, Map<String, Value> values, Map<String, Section> sections, Map<String, Place> keys) {
        this.place = place;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
        this.keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** Where it begins; null where no file has it. */
    @Nullable
    Place place() {
        return place;
    }

    Map<String, Value> values() {
        return values;
    }

    Map<String, Section> sections() {
        return sections;
    }

    /** Where the key of a value or section stands. */
    Place keyPlace(String key) {
        Place known = keys.get(key);
        if (known == null) {
            throw new IllegalArgumentException("no such key here: " + key);
        }
        return known;
    }

    /** The section of that name, empty if there is none. */
    Section section(String name) {
        return sections.getOrDefault(name, EMPTY);
    }

    boolean isEmpty() {
        return values.isEmpty() && sections.isEmpty();
    }

    /** This one, with what another one says in its place: key by key, lists as a whole. */
    Section under(Section other) {
        Map<String, Value> allValues = new LinkedHashMap<>(values);
        Map<String, Section> allSections = new LinkedHashMap<>(sections);
        Map<String, Place> allKeys = new LinkedHashMap<>(keys);
        allValues.putAll(other.values);
        other.sections.forEach((name, section) -> allSections.merge(name, section, Section::under));
        allKeys.putAll(other.keys);
        return new Section(other.place == null ? place : other.place, allValues, allSections, allKeys);
    }
}
