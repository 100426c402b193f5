package sago.system;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The directions of docs/ARCHITECTURE.md: modules, ranks of common, rooms of sender and receiver. */
class PackageDirectionTest {
    private static final Set<String> EVERY_SENDER_ROOM_BUT_CLI = Set.of(
            "database",
            "pack",
            "seal",
            "chunk",
            "compress",
            "index",
            "catalog",
            "tree",
            "checkpoint",
            "pattern",
            "source",
            "source.posix",
            "stream",
            "keys",
            "upload",
            "backup",
            "restore",
            "retain",
            "node");

    /** Rank of each package of common; it may import only lower ones. */
    private static final Map<String, Integer> COMMON_RANKS = Map.ofEntries(
            Map.entry("proto", 0),
            Map.entry("fault", 0),
            Map.entry("id", 0),
            Map.entry("time", 0),
            Map.entry("limits", 0),
            Map.entry("secret", 1),
            Map.entry("durable", 1),
            Map.entry("merkle", 2),
            Map.entry("sign", 2),
            Map.entry("pack", 3),
            Map.entry("trust", 4),
            Map.entry("protocol", 5),
            Map.entry("settings", 5),
            Map.entry("net", 6),
            Map.entry("metrics", 6),
            Map.entry("cli", 6));

    /** What each package of sender may import of its module. */
    private static final Map<String, Set<String>> SENDER_IMPORTS = Map.ofEntries(
            Map.entry("proto", Set.of()),
            Map.entry("database", Set.of()),
            Map.entry("pack", Set.of("seal", "compress")),
            Map.entry("seal", Set.of()),
            Map.entry("chunk", Set.of()),
            Map.entry("compress", Set.of()),
            Map.entry("index", Set.of("pack", "database")),
            Map.entry("catalog", Set.of("pack", "database")),
            Map.entry("tree", Set.of("pack")),
            Map.entry("checkpoint", Set.of("pack", "tree")),
            Map.entry("pattern", Set.of("tree")),
            Map.entry("source", Set.of("tree", "pattern", "source.posix")),
            Map.entry("source.posix", Set.of("tree")),
            Map.entry("stream", Set.of()),
            Map.entry("keys", Set.of("seal")),
            Map.entry("upload", Set.of("pack", "keys")),
            Map.entry(
                    "backup",
                    Set.of(
                            "pack",
                            "seal",
                            "chunk",
                            "compress",
                            "index",
                            "catalog",
                            "tree",
                            "checkpoint",
                            "pattern",
                            "source",
                            "stream",
                            "keys",
                            "upload")),
            Map.entry(
                    "restore",
                    Set.of(
                            "pack",
                            "seal",
                            "chunk",
                            "compress",
                            "database",
                            "index",
                            "catalog",
                            "tree",
                            "pattern",
                            "source.posix",
                            "keys",
                            "upload")),
            Map.entry("retain", Set.of("pack", "tree", "database")),
            Map.entry("node", EVERY_SENDER_ROOM_BUT_CLI),
            Map.entry("cli", EVERY_SENDER_ROOM_BUT_CLI));

    private static final Map<String, Set<String>> RECEIVER_IMPORTS = Map.of(
            "proto", Set.of(),
            "journal", Set.of(),
            "store", Set.of("journal"),
            "acknowledge", Set.of("journal", "store"),
            "accept", Set.of("journal", "store", "acknowledge", "serve"),
            "serve", Set.of("journal", "store", "acknowledge"),
            "retain", Set.of("store"),
            "node", Set.of("journal", "store", "acknowledge", "retain", "accept", "serve"),
            "cli", Set.of("node"));

    private static final Map<String, Set<String>> MODULES = Map.of(
            "common", Set.of("common"),
            "sender", Set.of("common", "sender"),
            "receiver", Set.of("common", "receiver"),
            "bench", Set.of("common", "sender", "receiver", "bench"));

    private static String module(String room) {
        return room.substring(0, room.indexOf('.'));
    }

    private static String name(String room) {
        return room.substring(room.indexOf('.') + 1);
    }

    private static boolean allowed(String from, String to) {
        if (from.equals(to) || to.equals(module(from) + ".proto")) {
            return true; // generated messages are below everything
        }
        if (!MODULES.getOrDefault(module(from), Set.of()).contains(module(to))) {
            return false;
        }
        if (!module(from).equals(module(to))) {
            return true;
        }
        return switch (module(from)) {
            case "common" -> COMMON_RANKS.getOrDefault(name(to), 99) < COMMON_RANKS.getOrDefault(name(from), -1);
            case "sender" -> SENDER_IMPORTS.getOrDefault(name(from), Set.of()).contains(name(to));
            case "receiver" ->
                RECEIVER_IMPORTS.getOrDefault(name(from), Set.of()).contains(name(to));
            default -> true;
        };
    }

    @Test
    void packagesImportOnlyWhatTheArchitectureAllows() {
        Map<String, String> wrong = new HashMap<>();
        for (JavaClass type : ProjectClasses.all()) {
            Optional<String> from = ProjectClasses.room(type);
            if (from.isEmpty()) {
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                Optional<String> to =
                        ProjectClasses.room(dependency.getTargetClass().getBaseComponentType());
                if (to.isPresent() && !allowed(from.get(), to.get())) {
                    wrong.putIfAbsent(from.get() + " -> " + to.get(), dependency.getDescription());
                }
            }
        }
        assertThat(wrong).as("imports against docs/ARCHITECTURE.md").isEmpty();
    }

    @Test
    void everyPackageHasARoomInTheArchitecture() {
        Set<String> homeless = new TreeSet<>();
        Set<String> known = new HashSet<>();
        COMMON_RANKS.keySet().forEach(room -> known.add("common." + room));
        SENDER_IMPORTS.keySet().forEach(room -> known.add("sender." + room));
        RECEIVER_IMPORTS.keySet().forEach(room -> known.add("receiver." + room));
        for (JavaClass type : ProjectClasses.all()) {
            ProjectClasses.room(type)
                    .filter(room -> !module(room).equals("bench") && !known.contains(room))
                    .ifPresent(homeless::add);
        }
        assertThat(homeless).isEmpty();
    }

    @Test
    void packagesDoNotGoInCircles() {
        slices().matching("sago.(*).(*)..").should().beFreeOfCycles().check(ProjectClasses.all());
    }

    @Test
    void theRulesSeeAWrongImport() {
        List<Boolean> wrong = new ArrayList<>();
        wrong.add(allowed("sender.keys", "receiver.store"));
        wrong.add(allowed("receiver.accept", "sender.keys"));
        wrong.add(allowed("common.id", "common.net"));
        wrong.add(allowed("common.net", "common.metrics"));
        wrong.add(allowed("common.trust", "sender.keys"));
        wrong.add(allowed("sender.restore", "sender.backup"));
        wrong.add(allowed("sender.restore", "sender.source"));
        wrong.add(allowed("receiver.journal", "receiver.store"));
        assertThat(wrong).containsOnly(false);
    }
}
