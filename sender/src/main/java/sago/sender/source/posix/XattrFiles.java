package sago.sender.source.posix;

import com.google.protobuf.ByteString;
import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sago.common.limits.Limits;
import sago.sender.tree.Xattr;

/** Extended attributes of paths themselves, never of what a link points to. Confined to one thread, whose buffer it holds. */
final class XattrFiles {
    private static final ByteString SECURITY = ByteString.copyFromUtf8("security.");
    private static final ByteString CAPABILITY = ByteString.copyFromUtf8("security.capability");

    private final NativeMemory memory = new NativeMemory(Limits.XATTR_VALUE_BYTES_MAX);

    /** All of them, ascending by name; none where the file system has no such thing. */
    List<Xattr> read(byte[] path) throws IOException {
        try (NativePath call = NativePath.of(path)) {
            List<byte[]> names = names(call.terminated());
            if (names.isEmpty()) {
                return List.of();
            }
            List<Xattr> xattrs = new ArrayList<>(names.size());
            long bytes = 0;
            for (byte[] name : names) {
                Xattr xattr = value(call.terminated(), name);
                if (xattr != null) {
                    xattrs.add(xattr);
                    bytes += xattr.bytes();
                }
                if (bytes > Limits.XATTRS_BYTES_MAX) {
                    throw new FileSystemException(
                            "extended attributes", null, "more than " + Limits.XATTRS_BYTES_MAX + " bytes of them");
                }
            }
            return Xattr.sorted(xattrs);
        } catch (LastErrorException e) {
            throw Errno.exception("read extended attributes", path, e);
        }
    }

    /**
     * Makes the path have exactly these: others are removed, equal ones are left alone. What the kernel or a policy gives a file, its
     * label for example, is not removed. One that cannot be set does not keep others from being set.
     */
    void write(byte[] path, List<Xattr> wanted) throws IOException {
        List<Xattr> present = read(path);
        if (present.equals(wanted)) {
            return;
        }
        Set<ByteString> keep = new HashSet<>();
        wanted.forEach(xattr -> keep.add(xattr.name()));
        Set<Xattr> equal = new HashSet<>(present);
        List<String> failed = new ArrayList<>();
        try (NativePath call = NativePath.of(path)) {
            for (Xattr xattr : present) {
                if (!keep.contains(xattr.name()) && isRemovable(xattr.name())) {
                    attempt(xattr, failed, () -> LibC.lremovexattr(call.terminated(), terminated(xattr.name())));
                }
            }
            for (Xattr xattr : wanted) {
                if (!equal.contains(xattr)) {
                    byte[] value = xattr.value().toByteArray();
                    // The C library cannot be handed the address of an empty array.
                    byte[] passed = value.length == 0 ? new byte[1] : value;
                    attempt(
                            xattr,
                            failed,
                            () -> LibC.lsetxattr(call.terminated(), terminated(xattr.name()), passed, value.length, 0));
                }
            }
        }
        if (!failed.isEmpty()) {
            throw new IOException("cannot set extended attributes: " + String.join(", ", failed));
        }
    }

    private static void attempt(Xattr xattr, List<String> failed, Runnable call) {
        try {
            call.run();
        } catch (LastErrorException e) {
            failed.add(xattr.name().toStringUtf8() + " (" + Errno.text(e) + ")");
        }
    }

    private static boolean isRemovable(ByteString name) {
        return !name.startsWith(SECURITY) || name.equals(CAPABILITY);
    }

    private List<byte[]> names(byte[] path) {
        int length;
        try {
            length = (int) LibC.llistxattr(path, memory.address(), memory.bytes());
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EOPNOTSUPP) {
                return List.of();
            }
            throw e;
        }
        List<byte[]> names = length == 0 ? List.of() : new ArrayList<>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (memory.view().get(i) == 0) {
                names.add(memory.copy(start, i - start));
                start = i + 1;
            }
        }
        return names;
    }

    /** Null if it went away meanwhile, or is only listed (as NFS does). */
    private @Nullable Xattr value(byte[] path, byte[] name) {
        try {
            int length =
                    (int) LibC.lgetxattr(path, Arrays.copyOf(name, name.length + 1), memory.address(), memory.bytes());
            return new Xattr(ByteString.copyFrom(name), ByteString.copyFrom(memory.copy(0, length)));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENODATA || e.getErrorCode() == Errno.EOPNOTSUPP) {
                return null;
            }
            throw e;
        }
    }

    private static byte[] terminated(ByteString name) {
        return Arrays.copyOf(name.toByteArray(), name.size() + 1);
    }
}
