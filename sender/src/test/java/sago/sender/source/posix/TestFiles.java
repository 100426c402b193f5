package sago.sender.source.posix;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Xattr;

/** What tests do to files that the JDK cannot, by path, with the very calls of a restore. Follows no link; any thread. */
public final class TestFiles {
    private TestFiles() {}

    /** What a test does with what it holds. */
    @FunctionalInterface
    private interface Use<T> {
        void on(T held) throws IOException;
    }

    public static FileStatus status(Path path) throws IOException {
        return new StatusReader().of(PathBytes.of(path));
    }

    public static void setModified(Path path, long seconds, int nanos) throws IOException {
        withNode(path, node -> node.setModified(seconds, nanos));
    }

    /** Clears setuid and setgid of a file. */
    public static void setOwner(Path path, int uid, int gid) throws IOException {
        withNode(path, node -> node.setOwner(uid, gid));
    }

    /** Permission bits with setuid, setgid and sticky. */
    public static void setMode(Path path, int mode) throws IOException {
        withNode(path, node -> node.setMode(mode));
    }

    /** Makes a link whose target has exactly these bytes. */
    public static void makeLink(Path path, byte[] target) throws IOException {
        withParent(path, parent -> parent.makeLink(PathBytes.nameOf(path), target));
    }

    /** Makes a pipe, socket or device. */
    public static void makeNode(Path path, EntryKind kind, long device) throws IOException {
        withParent(path, parent -> parent.makeNode(PathBytes.nameOf(path), kind, device));
    }

    /** Turns a range of a file into a hole. */
    public static void punchHole(Path path, long offset, long length) throws IOException {
        withParent(path, parent -> {
            try (OpenNode file = parent.openToWrite(PathBytes.nameOf(path))) {
                file.punchHole(offset, length);
            }
        });
    }

    /** Ascending by name, as a backup sees them. */
    public static List<Xattr> xattrs(Path path) throws IOException {
        return new XattrReader().read(PathBytes.of(path));
    }

    /** Gives the path exactly these extended attributes. */
    public static void setXattrs(Path path, List<Xattr> wanted) throws IOException {
        Set<ByteString> names = new HashSet<>();
        wanted.forEach(xattr -> names.add(xattr.name()));
        withNode(path, node -> {
            for (ByteString name : node.xattrNames()) {
                if (!names.contains(name)) {
                    node.removeXattr(name);
                }
            }
            for (Xattr xattr : wanted) {
                node.set(xattr);
            }
        });
    }

    private static void withNode(Path path, Use<OpenNode> use) throws IOException {
        withParent(path, parent -> {
            try (OpenNode node = parent.node(PathBytes.nameOf(path))) {
                use.on(node);
            }
        });
    }

    private static void withParent(Path path, Use<OpenFolder> use) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a path without a folder: " + path);
        }
        try (OpenFolder folder = OpenFolder.open(parent)) {
            use.on(folder);
        }
    }
}
