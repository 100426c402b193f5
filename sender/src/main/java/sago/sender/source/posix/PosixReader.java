package sago.sender.source.posix;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.List;
import sago.sender.tree.Xattr;

/**
 * Looks at many files, whose absolute paths of any length are given by their bytes, with one set of buffers. Follows no link. Confined to one
 * thread.
 */
public final class PosixReader {
    /** More than the kernel lets a link hold. */
    private static final int LINK_BYTES = 8 << 10;

    /** Names of a folder that one call gives. */
    private static final int NAMES_BYTES = 64 << 10;

    private static final int RECORD_LENGTH_AT = 16;
    private static final int NAME_AT = 19;

    private final StatusReader status = new StatusReader();
    private final XattrReader xattrs = new XattrReader();
    private final NativeMemory link = new NativeMemory(LINK_BYTES);
    private final NativeMemory names = new NativeMemory(NAMES_BYTES);

    PosixReader() {}

    /** Takes the names of a folder as they come. */
    public interface NameSink {
        /** A name: these bytes of the buffer, which is borrowed for this call. Never {@code .} or {@code ..}. */
        void name(ByteBuffer from, int offset, int length);
    }

    public FileStatus status(byte[] path) throws IOException {
        return status.of(path);
    }

    /** Extended attributes, ascending by name; none where the file system has no such thing. */
    public List<Xattr> xattrs(byte[] path) throws IOException {
        return xattrs.read(path);
    }

    /** What a link points to, byte for byte. */
    public byte[] linkTarget(byte[] path) throws IOException {
        try (NativePath call = NativePath.of(path)) {
            long length = LibC.readlinkat(LibC.AT_FDCWD, call.terminated(), link.address(), LINK_BYTES);
            if (length >= LINK_BYTES) {
                throw new FileSystemException("link", null, "its target is too long");
            }
            return link.copy(0, (int) length);
        } catch (LastErrorException e) {
            throw Errno.exception("read the link", path, e);
        }
    }

    /** Gives every name in a folder, in no order. After an exception, those given so far are names of it nevertheless. */
    public void names(byte[] folder, NameSink sink) throws IOException {
        int file = OpenFile.open(folder, OpenFlags.LIST_NOATIME, OpenFlags.LIST);
        try {
            while (true) {
                int length = (int) LibC.getdents64(file, names.address(), NAMES_BYTES);
                if (length == 0) {
                    return;
                }
                give(length, sink);
            }
        } catch (LastErrorException e) {
            throw Errno.exception("list the folder", folder, e);
        } finally {
            OpenFile.close(file);
        }
    }

    private void give(int length, NameSink sink) {
        ByteBuffer from = names.view();
        for (int at = 0; at < length; at += from.getShort(at + RECORD_LENGTH_AT) & 0xffff) {
            int start = at + NAME_AT;
            int end = start;
            while (from.get(end) != 0) {
                end++;
            }
            boolean dots =
                    from.get(start) == '.' && (end == start + 1 || (end == start + 2 && from.get(start + 1) == '.'));
            if (!dots) {
                sink.name(from, start, end - start);
            }
        }
    }
}
