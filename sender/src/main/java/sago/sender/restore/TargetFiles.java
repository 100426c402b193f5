package sago.sender.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.OpenFolder;
import sago.sender.source.posix.OpenNode;
import sago.sender.source.posix.Posix;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;

/**
 * Everything that a restore does to the target's files. Keys hold clean names only, and each is worked on in its folder, which is held open
 * and was reached without following links: nothing outside the target is ever touched, whoever renames what at the same time. Files are
 * made under a name that nothing else has and renamed when they are complete, so that no half file ever stands under a real name; a process
 * that is killed may leave some {@code .sago-restore.*} behind, which the next restore into the same folders removes. Thread-safe for
 * different keys.
 */
final class TargetFiles implements AutoCloseable {
    private static final String TEMPORARY_PREFIX = ".sago-restore.";
    private static final Pattern TEMPORARY = Pattern.compile("\\.sago-restore\\.[0-9a-f]{16}\\.[0-9]{1,19}");

    /** What stands in a target that a restore made, until it is done: its random part is made of one letter. */
    private static final byte[] MADE = name(TEMPORARY_PREFIX + "ffffffffffffffff.0");

    private static final int OWNER_ALL = 0700;

    private final TargetFolders folders;
    private final EntryKey top;
    private final Posix posix;
    private final AutoCloseable lock;
    private final boolean isMade;
    private final boolean isDeleting;
    private final Set<Draft> open = ConcurrentHashMap.newKeySet();

    /** Random, so that no file of a snapshot can have the name of a temporary one. */
    private final String temporaryPrefix;

    private final AtomicLong temporaries = new AtomicLong();

    private TargetFiles(TargetFolders folders, EntryKey top, Ground ground, Posix posix, SecureRandom random) {
        this.temporaryPrefix = TEMPORARY_PREFIX + HexFormat.of().toHexDigits(random.nextLong()) + ".";
        this.folders = folders;
        this.top = top;
        this.posix = posix;
        this.lock = ground.lock();
        this.isMade = ground.isMade();
        this.isDeleting = ground.isDeleting();
    }

    /** How the target was found. */
    private record Ground(AutoCloseable lock, boolean isMade, boolean isDeleting) {}

    /**
     * Opens the target, creating it if need be. The target itself may be reached through links; nothing below it may.
     *
     * @throws FaultException USAGE where it is no folder, LOCKED where another restore is at work in it
     */
    static TargetFiles open(RestoreOptions options, Posix posix, SecureRandom random) throws FaultException {
        Path target = options.target();
        EntryKey top = options.scope().subfolder();
        boolean isDeleting = options.manner().isDeleting();
        try {
            boolean isMade = !Files.exists(target);
            Path real = Files.createDirectories(target.toAbsolutePath()).toRealPath();
            TargetFolders folders = new TargetFolders(real, top, posix);
            AutoCloseable lock = folders.root().lock();
            if (lock == null) {
                folders.close();
                throw new FaultException(Fault.LOCKED, "another restore is at work in " + target + ": wait for it");
            }
            isMade |= folders.root().status(MADE) != null;
            removeLeftovers(folders.root());
            if (isMade) {
                folders.root().create(MADE).close();
            }
            return new TargetFiles(folders, top, new Ground(lock, isMade, isDeleting), posix, random);
        } catch (FileAlreadyExistsException e) {
            throw new FaultException(Fault.USAGE, "the target " + target + " is not a folder", e);
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.USAGE, "cannot create the target " + target + ": " + e.getMessage(), e);
        }
    }

    /** A name in its folder, which is held until this is closed. */
    record Place(TargetFolders.Held parent, Name name) implements AutoCloseable {
        @Nullable
        FileStatus status() throws IOException {
            return parent.isFresh ? null : parent.folder.status(name.bytes);
        }

        @Override
        public void close() {
            parent.close();
        }
    }

    /** Bytes of a name; borrowed. */
    static final class Name {
        final byte[] bytes;

        Name(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    /** Where an entry other than the target itself belongs. */
    Place place(EntryKey key) throws IOException {
        return new Place(folders.hold(key.parent()), new Name(key.name()));
    }

    static boolean isKind(@Nullable FileStatus status, EntryKind kind) {
        return status != null && EntryKind.ofMode(status.mode()) == kind;
    }

    private boolean isTop(EntryKey key) {
        return key.equals(top);
    }

    /**
     * Makes sure that there is a folder, a real one, into which files can be written until its own mode is set.
     *
     * @return whether it was not there before
     */
    boolean createFolder(EntryKey key) throws IOException {
        if (isTop(key)) {
            return false;
        }
        try (Place place = place(key)) {
            byte[] name = place.name().bytes;
            FileStatus status = place.status();
            if (status != null && isKind(status, EntryKind.DIRECTORY)) {
                if (status.uid() == posix.uid() && (status.mode() & OWNER_ALL) != OWNER_ALL) {
                    try (OpenNode node = place.parent().folder.node(name)) {
                        node.setMode((status.mode() | OWNER_ALL) & 07777);
                    }
                }
                try (TargetFolders.Held held = folders.hold(key)) {
                    removeLeftovers(held.folder);
                }
                return false;
            }
            if (status != null) {
                place.parent().folder.remove(name);
            }
            place.parent().folder.makeFolder(name);
            folders.holdFresh(place.parent(), key).close();
            return true;
        }
    }

    /** Removes what a killed restore was writing. */
    private static void removeLeftovers(OpenFolder folder) throws IOException {
        folder.list(name -> {
            if (isTemporary(name)) {
                try {
                    folder.remove(name);
                } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                    // Gone already, or a folder, which no restore makes under such a name.
                    return;
                }
            }
        });
    }

    private static byte[] name(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts a file that takes its name when it is published. */
    Draft draft(EntryKey key) throws IOException {
        Place place = place(key);
        try {
            byte[] temporary = temporary();
            Draft draft = new Draft(place, temporary, create(place.parent(), temporary));
            open.add(draft);
            return draft;
        } catch (IOException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static OpenNode create(TargetFolders.Held parent, byte[] name) throws IOException {
        parent.names.lock();
        try {
            return parent.folder.create(name);
        } finally {
            parent.names.unlock();
        }
    }

    /** Sets the metadata of a folder in which nothing changes any more. The target gets that of its subfolder if a restore made it. */
    void finishFolder(Entry folder, Metadata metadata) throws IOException {
        if (isTop(folder.key())) {
            if (isMade && !top.equals(EntryKey.ROOT)) {
                // Nothing changes in the target after this.
                finish();
                try (OpenNode node = folders.root().self()) {
                    metadata.apply(node, folder, node.status());
                }
            }
            return;
        }
        try (Place place = place(folder.key());
                OpenNode node = place.parent().folder.node(place.name().bytes)) {
            FileStatus now = node.status();
            if (!isKind(now, EntryKind.DIRECTORY)) {
                throw new IOException("something else has taken its place");
            }
            metadata.apply(node, folder, now);
        }
    }

    /**
     * Sets the metadata of what is there already, unless it is of another kind, or has further names, which may lie outside the target, and
     * would have to change.
     */
    boolean applyHere(Place place, Entry entry, Metadata metadata) throws IOException {
        try (OpenNode node = place.parent().folder.node(place.name().bytes)) {
            FileStatus now = node.status();
            if (!isKind(now, entry.kind()) || (now.links() > 1 && !metadata.isRight(node, entry, now))) {
                return false;
            }
            metadata.apply(node, entry, now);
            return true;
        }
    }

    /** Makes something that holds no bytes: under its name where nothing is, otherwise beside it and then over it. */
    interface Maker {
        void make(OpenFolder folder, byte[] name) throws IOException;
    }

    /** Makes what the entry says, with its metadata if there is any to set. */
    void make(Place place, Entry entry, @Nullable Metadata metadata, Maker maker) throws IOException {
        byte[] temporary = temporary();
        OpenFolder folder = place.parent().folder;
        maker.make(folder, temporary);
        try {
            if (metadata != null) {
                try (OpenNode node = folder.node(temporary)) {
                    if (!isKind(node.status(), entry.kind())) {
                        throw new IOException("something else has taken its place");
                    }
                    metadata.apply(node, entry, null);
                }
            }
            publish(place, temporary);
        } catch (IOException e) {
            removeQuietly(folder, temporary, e);
            throw e;
        }
    }

    /** Makes a symbolic link, unless there is one with exactly this target. */
    RestoreAction createLink(Place place, @Nullable FileStatus status, Entry link, Metadata metadata)
            throws IOException {
        byte[] target = link.linkTarget().toByteArray();
        if (isKind(status, EntryKind.SYMLINK)
                && Arrays.equals(place.parent().folder.readLink(place.name().bytes), target)
                && applyHere(place, link, metadata)) {
            return RestoreAction.UNCHANGED;
        }
        make(place, link, metadata, (folder, name) -> folder.makeLink(name, target));
        return status == null ? RestoreAction.CREATE : RestoreAction.UPDATE;
    }

    /** Makes a pipe, socket or device, unless there is one. */
    RestoreAction createNode(Place place, @Nullable FileStatus status, Entry entry, Metadata metadata)
            throws IOException {
        long device = entry.attributes().rdev();
        if (status != null
                && isKind(status, entry.kind())
                && status.rdev() == device
                && applyHere(place, entry, metadata)) {
            return RestoreAction.UNCHANGED;
        }
        make(place, entry, metadata, (folder, name) -> folder.makeNode(name, entry.kind(), device));
        return status == null ? RestoreAction.CREATE : RestoreAction.UPDATE;
    }

    /** Gives an entry that this run restored, or found, one more name; null if its first name is not there as the snapshot says. */
    @Nullable
    RestoreAction createHardLink(Place place, @Nullable FileStatus status, Entry entry, EntryKey first)
            throws IOException {
        try (Place other = place(first)) {
            FileStatus there = other.parent().folder.status(other.name().bytes);
            if (there == null
                    || !isKind(there, entry.kind())
                    || (entry.kind() == EntryKind.FILE && there.size() != entry.size())
                    || there.modified().getEpochSecond()
                            != entry.attributes().modified().seconds()) {
                return null;
            }
            if (status != null && status.inode() == there.inode() && status.device() == there.device()) {
                return RestoreAction.UNCHANGED;
            }
            make(place, entry, null, (folder, name) -> other.parent().folder.link(other.name().bytes, folder, name));
        }
        return status == null ? RestoreAction.CREATE : RestoreAction.UPDATE;
    }

    /** Gives a complete thing its name, over what is there; a folder is in the way unless it is empty. */
    private void publish(Place place, byte[] temporary) throws IOException {
        OpenFolder folder = place.parent().folder;
        try {
            folder.rename(temporary, place.name().bytes);
        } catch (DirectoryNotEmptyException e) {
            try {
                folder.removeFolder(place.name().bytes);
            } catch (DirectoryNotEmptyException full) {
                if (!isDeleting) {
                    throw new IOException("a folder that is not empty stands in its place: --delete removes it", full);
                }
                remove(folder, place.name().bytes);
                folder.rename(temporary, place.name().bytes);
                return;
            }
            folder.rename(temporary, place.name().bytes);
        }
    }

    /** Removes a name with all that is below. */
    void remove(OpenFolder folder, byte[] name) throws IOException {
        new FolderRemoval(folder, posix, this::temporary).remove(name);
    }

    private byte[] temporary() {
        return name(temporaryPrefix + temporaries.incrementAndGet());
    }

    private static void removeQuietly(OpenFolder folder, byte[] name, IOException cause) {
        try {
            folder.remove(name);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    TargetFolders folders() {
        return folders;
    }

    /** Whether a name is one that restores give to what is not complete. */
    static boolean isTemporary(byte[] name) {
        return name.length > TEMPORARY_PREFIX.length()
                && TEMPORARY
                        .matcher(new String(name, StandardCharsets.ISO_8859_1))
                        .matches();
    }

    /** Deletes drafts that were not published. */
    @Override
    public void close() throws IOException {
        for (Draft draft : open) {
            draft.close();
        }
        try {
            lock.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot unlock the target", e);
        } finally {
            folders.close();
        }
    }

    /** The whole restore is done: whatever comes next finds a target that was there before. */
    void finish() throws IOException {
        if (isMade && folders.root().status(MADE) != null) {
            folders.root().remove(MADE);
        }
    }

    /** A file on its way. Thread-safe for writes at different offsets. */
    final class Draft implements AutoCloseable {
        private final Place place;
        private final byte[] temporary;
        private final OpenNode node;

        private Draft(Place place, byte[] temporary, OpenNode node) {
            this.place = place;
            this.temporary = temporary;
            this.node = node;
        }

        OpenNode node() {
            return node;
        }

        /** Gives the file its size, metadata and name. */
        void publish(Entry entry, Metadata metadata) throws IOException {
            if (!entry.holes().isEmpty()) {
                node.setSize(entry.size());
            }
            if (place.parent().isBare) {
                metadata.applyToBare(node, entry);
            } else {
                metadata.apply(node, entry, null);
            }
            place.parent().names.lock();
            try {
                TargetFiles.this.publish(place, temporary);
            } finally {
                place.parent().names.unlock();
            }
            if (open.remove(this)) {
                node.close();
                place.close();
            }
        }

        /** Removes it unless it was published. */
        @Override
        public void close() throws IOException {
            if (open.remove(this)) {
                try {
                    node.close();
                    place.parent().folder.remove(temporary);
                } finally {
                    place.close();
                }
            }
        }
    }
}
