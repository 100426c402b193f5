package sago.receiver.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DiskFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.id.Hash;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;

/**
 * Pack files, {@code packs/ab/<id>.pack}, where ab are the first two digits of the id. All 256 folders are there from the start, so that
 * making a file has one name to force. Immutable; any thread.
 */
final class PackFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PackFiles.class);
    private static final String SUFFIX = ".pack";
    private static final int FOLDERS = 256;
    private static final int HASHED_BYTES = Limits.SEGMENT_BYTES_MAX;

    private final DurableFiles files;
    private final Path folder;

    PackFiles(DurableFiles files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    void createFolders() throws IOException {
        files.createFolders(folder, FileAccess.PRIVATE);
        Set<String> there = new HashSet<>(files.list(folder));
        boolean created = false;
        for (int i = 0; i < FOLDERS; i++) {
            if (!there.contains(prefix(i))) {
                files.disk().createFolder(folder.resolve(prefix(i)), FileAccess.PRIVATE);
                created = true;
            }
        }
        if (created) {
            files.disk().forceFolder(folder);
        }
    }

    /**
     * Compares files with the journal's packs at the start: a file without a record was never acknowledged and its session is gone, or it
     * was swept and a crash came before its deletion, so it is deleted; a pack without its file is marked lost, and home learns it at the next commit or audit.
     */
    void reconcile(StateDb db) throws IOException {
        int deleted = 0;
        int lost = 0;
        for (int i = 0; i < FOLDERS; i++) {
            Path part = folder.resolve(prefix(i));
            Set<String> names = new HashSet<>(files.list(part));
            List<PackRow> changed = new ArrayList<>();
            for (PackRow pack : db.reader().packsWithFirstByte(i)) {
                boolean isLost = !names.remove(pack.entry().id() + SUFFIX);
                lost += isLost ? 1 : 0;
                if (isLost != pack.lost()) {
                    changed.add(pack);
                }
            }
            for (PackRow pack : changed) {
                db.setLost(pack, !pack.lost());
            }
            for (String name : names) {
                files.disk().delete(part.resolve(name));
                deleted++;
            }
        }
        if (deleted > 0) {
            LOG.info("deleted {} pack files that were not complete, or swept", deleted);
        }
        if (lost > 0) {
            LOG.error(
                    "{} packs are in the journal but their files are gone: home will send them again or verify will say so",
                    lost);
        }
    }

    /** Makes the file of a pack, which must not exist; its name is durable. */
    DiskFile create(PackId pack) throws IOException {
        return files.createPastCache(path(pack), FileAccess.PRIVATE);
    }

    void delete(PackId pack) throws IOException {
        files.delete(path(pack));
    }

    /**
     * Deletes the file of a swept pack, if it is there. Its folder is not forced: a name that comes back with a crash has no record, and goes at
     * the start.
     */
    void deleteSwept(PackId pack) throws IOException {
        Path path = path(pack);
        if (files.exists(path)) {
            files.disk().delete(path);
        }
    }

    /** Reads part of a pack; borrows the buffer. INTEGRITY where the file is gone or short. */
    void read(PackId pack, long offset, ByteBuffer into) throws IOException {
        try (DiskFile file = files.disk().openRead(path(pack))) {
            file.readFully(into, offset);
        } catch (NoSuchFileException | EOFException e) {
            throw StoreFaults.damaged(
                    "pack " + pack, "its file at the site is missing or short; run verify, then back up again");
        }
    }

    /** Root of a pack's file, read from the disk now. INTEGRITY where the file is gone or has another length. */
    Hash root(PackId pack, long length, MerkleHasher hasher) throws IOException {
        int step = (int) Math.min(HASHED_BYTES, length);
        ByteBuffer buffer = ByteBuffer.allocate(step);
        List<Hash> parts = new ArrayList<>();
        try (DiskFile file = files.disk().openRead(path(pack))) {
            if (file.size() != length) {
                throw StoreFaults.damaged("pack " + pack, "its file at the site has another length");
            }
            for (long at = 0; at < length; at += step) {
                file.readFully(buffer.clear(), at);
                parts.add(hasher.slice(buffer.flip()));
            }
        } catch (NoSuchFileException e) {
            throw StoreFaults.damaged("pack " + pack, "its file at the site is gone");
        }
        return hasher.root(parts);
    }

    private Path path(PackId pack) {
        String name = pack.toString();
        return folder.resolve(name.substring(0, 2)).resolve(name + SUFFIX);
    }

    private static String prefix(int first) {
        return HexFormat.of().toHexDigits((byte) first);
    }
}
