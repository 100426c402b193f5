package sago.sender.source.posix;

import com.google.protobuf.ByteString;
import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import sago.sender.tree.Xattr;

/**
 * A file, or anything else with a name, that is held open: every call is about this very inode, whatever happens to the name. Links,
 * pipes, sockets and devices are held without opening them, only for their metadata. Thread-safe; close it after the last call.
 */
public final class OpenNode implements AutoCloseable {
    private static final byte[] EMPTY_PATH = {0};

    private final int descriptor;

    /** Not opened for reading or writing, so that only some calls take the descriptor itself. */
    private final boolean isHeldOnly;

    private final Scratch scratch;

    OpenNode(int descriptor, boolean isHeldOnly, Scratch scratch) {
        this.descriptor = descriptor;
        this.isHeldOnly = isHeldOnly;
        this.scratch = scratch;
    }

    public FileStatus status() throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            return piece.status.of(descriptor);
        }
    }

    /** Reads as many bytes as there are, up to this length. */
    public int read(long position, byte[] into, int length) throws IOException {
        int done = 0;
        try (Scratch.Piece piece = scratch.take()) {
            while (done < length) {
                int ask = Math.min(length - done, piece.memory.bytes());
                int got = (int) LibC.pread(descriptor, piece.memory.address(), ask, position + done);
                if (got == 0) {
                    break;
                }
                piece.memory.view().get(0, into, done, got);
                done += got;
            }
        } catch (LastErrorException e) {
            throw DescriptorFault.of("read it", e);
        }
        return done;
    }

    /** Writes all of these bytes. */
    public void write(long position, byte[] from, int offset, int length) throws IOException {
        int done = 0;
        try (Scratch.Piece piece = scratch.take()) {
            ByteBuffer view = piece.memory.view();
            while (done < length) {
                int ask = Math.min(length - done, piece.memory.bytes());
                view.put(0, from, offset + done, ask);
                done += (int) LibDescriptor.pwrite(descriptor, piece.memory.address(), ask, position + done);
            }
        } catch (LastErrorException e) {
            throw DescriptorFault.of("write it", e);
        }
    }

    /** Cuts the file, or lets it grow with a hole. */
    public void setSize(long size) throws IOException {
        DescriptorFault.call("set its size", () -> LibDescriptor.ftruncate(descriptor, size));
    }

    /** Makes a stretch read as zeros, without taking space where the file system can do that. */
    public void punchHole(long offset, long length) throws IOException {
        DescriptorFault.call(
                "make a hole in it",
                () -> LibC.fallocate(descriptor, LibC.FALLOC_PUNCH_HOLE_KEEP_SIZE, offset, length));
    }

    /** Whether anything in this stretch takes space; true where the file system does not tell. */
    public boolean hasDataIn(long offset, long length) throws IOException {
        try {
            return LibC.lseek(descriptor, offset, LibC.SEEK_DATA) < offset + length;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENXIO) {
                return false;
            }
            throw DescriptorFault.of("look for holes in it", e);
        }
    }

    /** Clears setuid and setgid of a file, and its capabilities. */
    public void setOwner(int uid, int gid) throws IOException {
        DescriptorFault.call(
                "set its owner", () -> LibDescriptor.fchownat(descriptor, EMPTY_PATH, uid, gid, LibC.AT_EMPTY_PATH));
    }

    /** Permission bits with setuid, setgid and sticky. Links have none. */
    public void setMode(int mode) throws IOException {
        DescriptorFault.call(
                "set its mode",
                () -> isHeldOnly
                        ? LibDescriptor.chmod(OpenFolder.procPath(descriptor), mode)
                        : LibDescriptor.fchmod(descriptor, mode));
    }

    public void setModified(long seconds, int nanos) throws IOException {
        long[] times = {0, LibC.UTIME_OMIT, seconds, nanos};
        DescriptorFault.call(
                "set its time",
                () -> isHeldOnly
                        ? LibDescriptor.utimensat(LibC.AT_FDCWD, OpenFolder.procPath(descriptor), times, 0)
                        : LibDescriptor.futimens(descriptor, times));
    }

    /** Names of the extended attributes; none where the file system has no such thing. */
    public List<ByteString> xattrNames() throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            int length = (int) LibDescriptor.listxattr(
                    OpenFolder.procPath(descriptor), piece.memory.address(), piece.memory.bytes());
            return XattrReader.names(piece.memory, length);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.EOPNOTSUPP) {
                return List.of();
            }
            throw DescriptorFault.of("list its extended attributes", e);
        }
    }

    /** Whether it has this extended attribute with this value. */
    public boolean has(Xattr xattr) throws IOException {
        try (Scratch.Piece piece = scratch.take()) {
            int length = (int) LibDescriptor.getxattr(
                    OpenFolder.procPath(descriptor),
                    terminated(xattr.name()),
                    piece.memory.address(),
                    piece.memory.bytes());
            return Arrays.equals(piece.memory.copy(0, length), xattr.value().toByteArray());
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Errno.ENODATA || e.getErrorCode() == Errno.EOPNOTSUPP) {
                return false;
            }
            throw DescriptorFault.of(
                    "read its extended attribute " + xattr.name().toStringUtf8(), e);
        }
    }

    public void set(Xattr xattr) throws IOException {
        byte[] value = xattr.value().toByteArray();
        DescriptorFault.call(
                "set its extended attribute " + xattr.name().toStringUtf8(),
                () -> LibDescriptor.setxattr(
                        OpenFolder.procPath(descriptor), terminated(xattr.name()), value, value.length, 0));
    }

    public void removeXattr(ByteString name) throws IOException {
        DescriptorFault.call(
                "remove its extended attribute " + name.toStringUtf8(),
                () -> LibDescriptor.removexattr(OpenFolder.procPath(descriptor), terminated(name)));
    }

    private static byte[] terminated(ByteString name) {
        return OpenFolder.terminated(name.toByteArray());
    }

    @Override
    public void close() {
        OpenFolder.close(descriptor);
    }
}
