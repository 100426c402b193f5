package sago.sender.source.posix;

import com.google.protobuf.ByteString;
import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.limits.Limits;
import sago.sender.tree.Xattr;

/** Reads extended attributes of paths themselves, never of what a link points to. Confined to one thread, whose buffer it holds. */
final class XattrReader {
    private final NativeMemory memory = new NativeMemory(Limits.XATTR_VALUE_BYTES_MAX);

    /** All of them, ascending by name; none where the file system has no such thing. */
    List<Xattr> read(byte[] path) throws IOException {
        try (NativePath call = NativePath.of(path)) {
            List<ByteString> names = names(call.terminated());
            if (names.isEmpty()) {
                return List.of();
            }
            List<Xattr> xattrs = new ArrayList<>(names.size());
            long bytes = 0;
            for (ByteString name : names) {
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

    private List<ByteString> names(byte[] path) {
        try {
            return names(memory, (int) LibC.llistxattr(path, memory.address(), memory.bytes()));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EOPNOTSUPP) {
                return List.of();
            }
            throw e;
        }
    }

    /** The names of a list as the kernel gives it, in so many bytes of memory: each ends with a NUL. */
    static List<ByteString> names(NativeMemory memory, int length) {
        List<ByteString> names = length == 0 ? List.of() : new ArrayList<>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (memory.view().get(i) == 0) {
                names.add(ByteString.copyFrom(memory.copy(start, i - start)));
                start = i + 1;
            }
        }
        return names;
    }

    /** Null if it went away meanwhile, or is only listed (as NFS does). */
    private @Nullable Xattr value(byte[] path, ByteString name) {
        try {
            byte[] terminated = OpenFolder.terminated(name.toByteArray());
            int length = (int) LibC.lgetxattr(path, terminated, memory.address(), memory.bytes());
            return new Xattr(name, ByteString.copyFrom(memory.copy(0, length)));
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENODATA || e.getErrorCode() == Errno.EOPNOTSUPP) {
                return null;
            }
            throw e;
        }
    }
}
