package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.tree.ContentCursor;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Extent;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/** Writes a file of a snapshot, or a folder as a tar stream, to a stream. Confined to one thread. */
public final class Dump {
    /** Names of files with several names that are remembered in memory. */
    private static final long HARD_LINK_BYTES = 8L << 20;

    private final ChunkSource chunks;
    private final TreeReader tree;
    private final OutputStream out;
    private long bytes;
    private long entries;
    private long skipped;

    public Dump(ChunkSource chunks, TreeRoot root, OutputStream out) {
        this.chunks = chunks;
        this.tree = new TreeReader(chunks, root);
        this.out = out;
    }

    /** Bytes of files that were written. */
    public long bytes() {
        return bytes;
    }

    /** Entries that were written. */
    public long entries() {
        return entries;
    }

    /** Sockets, which a tar stream cannot hold. */
    public long skipped() {
        return skipped;
    }

    /** What lies there; NOT_FOUND if nothing does. */
    public Entry find(EntryKey key) throws FaultException, InterruptedException {
        Entry entry = tree.find(key);
        if (entry == null) {
            throw new FaultException(Fault.NOT_FOUND, "no " + key + " in this snapshot: see what `ls` shows");
        }
        return entry;
    }

    /** Writes the bytes of a file, zeros where it has holes. */
    public void file(Entry file) throws IOException, InterruptedException {
        if (file.kind() != EntryKind.FILE) {
            throw new IllegalArgumentException("bytes of a " + file.kind());
        }
        TarStream plain = new TarStream(out);
        content(file, plain);
        entries++;
        out.flush();
    }

    private void content(Entry file, TarStream to) throws IOException, InterruptedException {
        FileData data = new FileData(chunks, file);
        ContentCursor content = tree.content(file.content());
        long dataOffset = 0;
        long at = 0;
        for (ChunkRef ref = content.next(); ref != null; ref = content.next()) {
            byte[] chunk = data.fetch(ref);
            int done = 0;
            for (Extent extent : file.holes().extents(dataOffset, chunk.length)) {
                to.writeZeros(extent.offset() - at);
                int length = (int) extent.length();
                to.write(length == chunk.length ? chunk : Arrays.copyOfRange(chunk, done, done + length));
                done += length;
                at = extent.offset() + extent.length();
            }
            dataOffset += chunk.length;
        }
        to.writeZeros(file.size() - at);
        bytes += file.size();
    }

    /** Writes an entry with all that is below as a tar stream; names in it begin at the entry itself. */
    public void tar(EntryKey top) throws IOException, InterruptedException {
        int prefix = top.equals(EntryKey.ROOT) ? 0 : top.parent().toBytes().length;
        try (TarStream stream = new TarStream(out);
                HardLinks names = new HardLinks(HARD_LINK_BYTES)) {
            EntryCursor cursor = tree.within(top);
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                EntryKey first = names.firstName(entry);
                TarStream.Name other = first.equals(entry.key()) ? null : name(first, prefix, false);
                add(stream, entry, name(entry.key(), prefix, entry.kind() == EntryKind.DIRECTORY), other);
            }
        }
    }

    private void add(TarStream stream, Entry entry, TarStream.Name name, TarStream.@Nullable Name first)
            throws IOException, InterruptedException {
        if (!stream.begin(entry, name, first)) {
            skipped++;
            return;
        }
        entries++;
        if (entry.kind() == EntryKind.FILE && first == null) {
            content(entry, stream);
            stream.pad();
        }
    }

    private static TarStream.Name name(EntryKey key, int prefix, boolean isFolder) {
        byte[] path = key.path();
        int start = prefix == 0 ? 1 : prefix + 2;
        ByteString name = ByteString.copyFrom(path, start, path.length - start);
        if (isFolder) {
            name = (name.isEmpty() ? ByteString.copyFromUtf8(".") : name).concat(ByteString.copyFromUtf8("/"));
        }
        return new TarStream.Name(name);
    }
}
