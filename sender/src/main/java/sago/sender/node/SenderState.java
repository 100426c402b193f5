package sago.sender.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import sago.common.durable.DiskFile;
import sago.common.durable.DraftFile;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.catalog.Catalog;
import sago.sender.keys.HomeContext;

/** Takes over what {@code sago sender rebuild --out} wrote elsewhere. Stateless; the caller holds the lock of the home. */
public final class SenderState {
    private static final int COPY_BYTES = 1 << 20;

    private SenderState() {}

    /**
     * Looks, before anything is changed, whether {@link #adopt} can work.
     *
     * @throws FaultException USAGE where the home has a catalog or the folder none, INTEGRITY or VERSION where the catalog cannot be used
     */
    public static void requireUsable(HomeContext context, Path folder) throws IOException {
        StateFiles from = new StateFiles(folder);
        if (context.files().exists(new StateFiles(context.senderFolder()).catalog())) {
            throw new FaultException(
                    Fault.USAGE, context.folder() + " has a catalog already: what is in " + folder + " is not needed");
        }
        if (!context.files().exists(from.catalog())) {
            throw new FaultException(
                    Fault.USAGE,
                    folder + " holds no catalog.db: it must be a folder that `sago sender rebuild --out` wrote");
        }
        Catalog.open(from.catalog()).close();
    }

    /**
     * Copies catalog, indexes and tree caches into a home that has no catalog yet. The catalog comes last: before it, the others say nothing.
     *
     * @throws FaultException as {@link #requireUsable} says
     */
    public static void adopt(HomeContext context, Path folder) throws IOException {
        requireUsable(context, folder);
        DurableFiles files = context.files();
        StateFiles from = new StateFiles(folder);
        StateFiles to = new StateFiles(context.senderFolder());
        for (Path target : List.of(to.indexFolder(), to.treesFolder())) {
            files.createFolders(target, FileAccess.PRIVATE);
        }
        copyIndexes(files, from.indexFolder(), to.indexFolder());
        copyAll(files, from.treesFolder(), to.treesFolder(), StateFiles.TREE_SUFFIX);
        copy(files, from.catalog(), to.catalog());
    }

    /** Folders of indexes, in place of what may be there, and files as `sago sender rebuild` of 0.1 wrote them. */
    private static void copyIndexes(DurableFiles files, Path from, Path to) throws IOException {
        if (!files.exists(from)) {
            return;
        }
        copyAll(files, from, to, ".db");
        for (String dataset : files.list(from)) {
            if (files.disk().isFolder(from.resolve(dataset))) {
                files.deleteTree(to.resolve(dataset));
                files.createFolders(to.resolve(dataset), FileAccess.PRIVATE);
                copyAll(files, from.resolve(dataset), to.resolve(dataset), "");
            }
        }
    }

    private static void copyAll(DurableFiles files, Path from, Path to, String suffix) throws IOException {
        if (files.exists(from)) {
            for (String name : files.list(from)) {
                if (name.endsWith(suffix)) {
                    copy(files, from.resolve(name), to.resolve(name));
                }
            }
        }
    }

    private static void copy(DurableFiles files, Path from, Path to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
        try (DiskFile source = files.disk().openRead(from);
                DraftFile draft = files.draft(to, FileAccess.PRIVATE)) {
            long size = source.size();
            for (long at = 0; at < size; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(COPY_BYTES, size - at));
                source.readFully(buffer, at);
                draft.write(buffer.flip());
            }
            draft.publish();
        }
    }
}
