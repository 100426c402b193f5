package sago.sender.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.EntryKey;

/**
 * The paths of one backup: absolute, their parents free of links, in key order. Immutable.
 *
 * @param keys the outermost ones, none inside another
 * @param named all that were named, each once
 */
public record SourceRoots(List<EntryKey> keys, List<EntryKey> named) {
    private static final Path WORKING_FOLDER = Path.of("/proc/self/cwd");

    public SourceRoots {
        keys = List.copyOf(keys);
        named = List.copyOf(named);
    }

    /**
     * Resolves paths as a user names them. Links in the parents are followed, so that a restored path has real folders
     * above it; a path that is a link itself stays one.
     */
    public static SourceRoots of(Collection<Path> paths) throws FaultException {
        if (paths.isEmpty()) {
            throw new FaultException(Fault.USAGE, "nothing to back up: name at least one path");
        }
        TreeSet<EntryKey> keys = new TreeSet<>();
        for (Path path : paths) {
            keys.add(keyOf(path));
        }
        List<EntryKey> outermost = new ArrayList<>();
        for (EntryKey key : keys) {
            if (outermost.isEmpty() || !key.isWithin(outermost.get(outermost.size() - 1))) {
                outermost.add(key);
            }
        }
        return new SourceRoots(outermost, List.copyOf(keys));
    }

    private static EntryKey keyOf(Path path) throws FaultException {
        try {
            // Not the JDK's working folder, which has lost what is no text in the locale.
            Path absolute =
                    (path.isAbsolute() ? path : WORKING_FOLDER.toRealPath().resolve(path)).normalize();
            if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
                throw new FaultException(Fault.NOT_FOUND, "there is no " + path + " to back up");
            }
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            Path real = parent == null || name == null
                    ? absolute
                    : parent.toRealPath().resolve(name);
            return EntryKey.ofPath(PathBytes.of(real));
        } catch (FaultException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new FaultException(Fault.NOT_FOUND, "cannot reach " + path + ": " + e.getMessage(), e);
        }
    }

    /** Whether this is a root or below one, as against a mere parent folder of one. */
    boolean cover(EntryKey key) {
        int at = Collections.binarySearch(keys, key);
        // Only the last root before it can hold it: roots ascend, and none lies inside another.
        int before = at >= 0 ? at : -at - 2;
        return before >= 0 && key.isWithin(keys.get(before));
    }

    /** Whether a user named this, maybe inside another. */
    boolean isNamed(EntryKey key) {
        return Collections.binarySearch(named, key) >= 0;
    }

    /** Names, ascending, of the children of this folder that lead to what was named. */
    List<byte[]> namesBelow(EntryKey parent) {
        List<byte[]> names = new ArrayList<>();
        int depth = parent.depth() + 1;
        EntryKey last = parent;
        int first = Collections.binarySearch(named, parent);
        for (int i = first >= 0 ? first + 1 : -first - 1;
                i < named.size() && named.get(i).isWithin(parent);
                i++) {
            EntryKey child = named.get(i);
            while (child.depth() > depth) {
                child = child.parent();
            }
            if (!child.equals(last)) {
                names.add(child.name());
                last = child;
            }
        }
        return names;
    }
}
