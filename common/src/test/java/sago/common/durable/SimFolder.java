package sago.common.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of one folder: those of now, those that survive for sure, and the changes between. Guarded by the disk's monitor. */
final class SimFolder {
    /** One atomic change of names: an empty inode is a folder. */
    private record Change(
            @Nullable String removed, @Nullable String added, Optional<SimInode> inode) {}

    private final TreeMap<String, Optional<SimInode>> now = new TreeMap<>();
    private final TreeMap<String, Optional<SimInode>> durable = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    Set<String> names() {
        return now.keySet();
    }

    @Nullable
    SimInode file(String name) {
        Optional<SimInode> found = now.get(name);
        return found == null ? null : found.orElse(null);
    }

    long bytes() {
        return now.values().stream()
                .flatMap(Optional::stream)
                .mapToLong(SimInode::size)
                .sum();
    }

    void link(String name, SimInode inode) {
        change(new Change(null, name, Optional.of(inode)));
    }

    void linkFolder(String name) {
        change(new Change(null, name, Optional.empty()));
    }

    void linkDurably(String name) {
        now.put(name, Optional.empty());
        durable.put(name, Optional.empty());
    }

    void unlink(String name) {
        change(new Change(name, null, Optional.empty()));
    }

    void move(String from, String to) {
        change(new Change(from, to, now.getOrDefault(from, Optional.empty())));
    }

    private void change(Change change) {
        apply(change, now);
        pending.add(change);
    }

    private static void apply(Change change, Map<String, Optional<SimInode>> names) {
        if (change.removed != null) {
            names.remove(change.removed);
        }
        if (change.added != null) {
            names.put(change.added, change.inode);
        }
    }

    void force() {
        durable.clear();
        durable.putAll(now);
        pending.clear();
    }

    /** Each change since the last force is kept or lost on its own; each file likewise. */
    SimFolder afterCrash(Random random, int block) {
        TreeMap<String, Optional<SimInode>> names = new TreeMap<>(durable);
        for (Change change : pending) {
            if (random.nextBoolean()) {
                apply(change, names);
            }
        }
        SimFolder after = new SimFolder();
        names.forEach((name, inode) -> after.durable.put(name, inode.map(file -> file.afterCrash(random, block))));
        after.now.putAll(after.durable);
        return after;
    }
}
