package sago.common.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** The machine's disk, through {@link FileChannel}. No memory maps: a full or failing disk must be an exception. Immutable. */
enum RealDisk implements Disk {
    INSTANCE;

    @Override
    public DiskFile create(Path path, FileAccess access) throws IOException {
        return new RealFile(path, createChannel(path, access));
    }

    @Override
    public DiskFile createPastCache(Path path, FileAccess access) throws IOException {
        return new PastCacheFile(new RealFile(path, createChannel(path, access)), path);
    }

    private static FileChannel createChannel(Path path, FileAccess access) throws IOException {
        return FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                access.ofFile());
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        return new RealFile(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile openRead(Path path) throws IOException {
        return new RealFile(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    @Override
    public void createFolder(Path path, FileAccess access) throws IOException {
        Files.createDirectory(path, access.ofFolder());
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.delete(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            force(folder, channel);
        }
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public long totalBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getTotalSpace();
    }

    @Override
    public @Nullable Closeable tryLock(Path path, boolean shared) throws IOException {
        FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                FileAccess.PRIVATE.ofFile());
        FileLock lock = null;
        try {
            lock = channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }

    private static void force(Path path, FileChannel channel) throws FaultException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new FaultException(
                    Fault.DISK,
                    "cannot force " + path + " to disk (" + e.getMessage() + "): check the disk, then start again",
                    e);
        }
    }

    /** A file over a channel. */
    private record RealFile(Path path, FileChannel channel) implements DiskFile {
        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            return channel.write(from, position);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            RealDisk.force(path, channel);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
