package sago.sender.restore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;

/**
 * Everything that a restore does to the target's files. Keys hold clean names only, and before anything is created its parent is
 * looked at without following links: nothing outside the target is ever touched. Files and links are made
 * under a name that nothing else has and renamed when they are complete, so that no half file ever stands under a real name; a process that
 * is killed may leave some {@code .sago-restore.*} behind. Thread-safe for different keys.
 */
final class TargetFiles implements AutoCloseable {
    private static final String TEMPORARY_PREFIX = ".sago-restore.";
    private static final int OWNER_ALL = 0700;
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_ACCESS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE_ACCESS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final byte[] root;
    private final Posix posix;
    private final Set<Draft> open = ConcurrentHashMap.newKeySet();

    /** Random, so that no file of a snapshot can have the name of a temporary one. */
    private final String temporaryPrefix;

    private final AtomicLong temporaries = new AtomicLong();

    private TargetFiles(Path realRoot, Posix posix, SecureRandom random) {
        this.temporaryPrefix = TEMPORARY_PREFIX + HexFormat.of().toHexDigits(random.nextLong()) + ".";
        byte[] bytes = PathBytes.of(realRoot);
        this.root = bytes.length == 1 ? new byte[0] : bytes;
        this.posix = posix;
    }

    /** Opens the target, creating it if need be. The target itself may be reached through links; nothing below it may. */
    static TargetFiles open(Path target, Posix posix, SecureRandom random) throws FaultException {
        try {
            Path real = Files.createDirectories(target.toAbsolutePath()).toRealPath();
            return new TargetFiles(real, posix, random);
        } catch (FileAlreadyExistsException e) {
            throw new FaultException(Fault.USAGE, "the target " + target + " is not a folder", e);
        } catch (IOException e) {
            throw new FaultException(Fault.USAGE, "cannot create the target " + target + ": " + e.getMessage(), e);
        }
    }

    Path path(EntryKey key) {
        byte[] below = key.path();
        byte[] path = Arrays.copyOf(root, root.length + below.length);
        System.arraycopy(below, 0, path, root.length, below.length);
        return PathBytes.toPath(path);
    }

    /** What stands there now, or null. */
    @Nullable
    FileStatus statusOf(EntryKey key) throws IOException {
        return status(path(key));
    }

    private static @Nullable FileStatus status(Path path) throws IOException {
        try {
            return FileStatus.of(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    static boolean isKind(@Nullable FileStatus status, EntryKind kind) {
        return status != null && EntryKind.ofMode(status.mode()) == kind;
    }

    /** Makes sure that there is a folder, a real one, into which files can be written until its own mode is set. */
    void createFolder(EntryKey key) throws IOException {
        if (key.equals(EntryKey.ROOT)) {
            return;
        }
        Path path = path(key);
        requireRealParent(path);
        FileStatus status = status(path);
        if (status != null && isKind(status, EntryKind.DIRECTORY)) {
            if (status.uid() == posix.uid() && (status.mode() & OWNER_ALL) != OWNER_ALL) {
                posix.setMode(path, (status.mode() | OWNER_ALL) & 07777);
            }
            return;
        }
        if (status != null) {
            Files.delete(path);
        }
        Files.createDirectory(path, FOLDER_ACCESS);
    }

    /** Starts a file that takes its name when it is published. */
    Draft draft(EntryKey key) throws IOException {
        Path path = path(key);
        requireRealParent(path);
        Path temporary = temporary(path);
        FileChannel channel = FileChannel.open(
                temporary,
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW,
                        LinkOption.NOFOLLOW_LINKS),
                FILE_ACCESS);
        Draft draft = new Draft(channel, temporary, path);
        open.add(draft);
        return draft;
    }

    /** Opens an existing file to compare it; refuses a link. */
    FileChannel openExisting(EntryKey key) throws IOException {
        Path path = path(key);
        requireRealParent(path);
        return FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Makes sure that there is a link with exactly this target, and owner and time of the entry. */
    void createLink(Entry link, Metadata metadata) throws IOException {
        Path path = path(link.key());
        requireRealParent(path);
        byte[] target = link.linkTarget().toByteArray();
        if (isKind(status(path), EntryKind.SYMLINK)
                && Arrays.equals(PathBytes.of(Files.readSymbolicLink(path)), target)) {
            metadata.apply(path, link);
            return;
        }
        Path temporary = temporary(path);
        posix.createLink(temporary, target);
        metadata.apply(temporary, link);
        try {
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** Sets the metadata of what is there already; looks first that it is of the entry's kind and no link that would be followed. */
    void applyMetadata(Entry entry, Metadata metadata) throws IOException {
        Path path = path(entry.key());
        requireRealParent(path);
        if (!isKind(status(path), entry.kind())) {
            throw new IOException("something else has taken its place");
        }
        metadata.apply(path, entry);
    }

    private static void requireRealParent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !isKind(status(parent), EntryKind.DIRECTORY)) {
            throw new IOException("its parent is not a folder");
        }
    }

    private Path temporary(Path path) {
        return path.resolveSibling(temporaryPrefix + temporaries.incrementAndGet());
    }

    /** Deletes drafts that were not published. */
    @Override
    public void close() throws IOException {
        for (Draft draft : open) {
            draft.close();
        }
    }

    /** A file on its way. Thread-safe for writes at different offsets. */
    final class Draft implements AutoCloseable {
        private final FileChannel channel;
        private final Path temporary;
        private final Path path;

        private Draft(FileChannel channel, Path temporary, Path path) {
            this.channel = channel;
            this.temporary = temporary;
            this.path = path;
        }

        FileChannel channel() {
            return channel;
        }

        /** Gives the file its size, metadata and name. */
        void publish(Entry entry, Metadata metadata) throws IOException {
            if (channel.size() != entry.size()) {
                throw new IOException("it has " + channel.size() + " bytes instead of " + entry.size());
            }
            channel.close();
            metadata.apply(temporary, entry);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            open.remove(this);
        }

        /** Removes it unless it was published. */
        @Override
        public void close() throws IOException {
            if (open.remove(this)) {
                channel.close();
                Files.deleteIfExists(temporary);
            }
        }
    }
}
