package sago.sender.tree;

import java.util.ArrayList;
import java.util.List;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkWriter;
import sago.sender.proto.ChunkList;

/**
 * Collects the references of one file in file order. A file of many chunks spills them into lists, which are chunks
 * too, so that memory does not grow with the file. Confined to one thread.
 */
public final class ContentBuilder {
    private final ChunkWriter chunks;
    private final int entryRefsMax;
    private final int listRefsMax;
    private final List<Level> levels = new ArrayList<>();
    private long bytes;

    public ContentBuilder(ChunkWriter chunks) {
        this(chunks, Limits.ENTRY_REFS_MAX, Limits.LIST_REFS_MAX);
    }

    /** With smaller bounds: what deep lists look like shows with few chunks. */
    ContentBuilder(ChunkWriter chunks, int entryRefsMax, int listRefsMax) {
        this.chunks = chunks;
        this.entryRefsMax = entryRefsMax;
        this.listRefsMax = listRefsMax;
        levels.add(new Level());
    }

    /** Adds the next chunk of the file, which must not be empty. */
    public void add(ChunkRef ref) throws FaultException, InterruptedException {
        if (ref.raw() == 0) {
            throw new IllegalArgumentException("empty chunk in a file");
        }
        bytes += ref.raw();
        add(0, ref, ref.raw());
    }

    /** The whole content. The builder is of no use afterwards. */
    public FileContent finish() throws FaultException, InterruptedException {
        for (int i = 0; ; i++) {
            Level level = levels.get(i);
            if (!level.spilled && level.refs.size() <= entryRefsMax) {
                return new FileContent(i, bytes, level.refs);
            }
            if (!level.refs.isEmpty()) {
                spill(i);
            }
        }
    }

    private void add(int number, ChunkRef ref, long span) throws FaultException, InterruptedException {
        if (number > Limits.LIST_LEVELS_MAX) {
            throw new IllegalStateException("a file of more chunks than lists can name");
        }
        if (levels.size() == number) {
            levels.add(new Level());
        }
        Level level = levels.get(number);
        level.refs.add(ref);
        level.spans.add(span);
        level.span += span;
        if (level.refs.size() == listRefsMax) {
            spill(number);
        }
    }

    private void spill(int number) throws FaultException, InterruptedException {
        Level level = levels.get(number);
        byte[] list = encode(level.refs, number > 0 ? level.spans : List.of());
        long span = level.span;
        level.clear();
        level.spilled = true;
        add(number + 1, chunks.write(ChunkKind.LIST, list, 0, list.length), span);
    }

    static byte[] encode(List<ChunkRef> refs, List<Long> spans) {
        PackTable packs = new PackTable();
        ChunkList.Builder columns = ChunkList.newBuilder();
        for (ChunkRef ref : refs) {
            columns.addRefPack(packs.position(ref.pack()))
                    .addRefOffset(ref.offset())
                    .addRefStored(ref.stored())
                    .addRefRaw(ref.raw())
                    .addRefCheck(ref.check());
        }
        columns.addAllRefSpan(spans);
        packs.ids().forEach(columns::addPacks);
        return columns.setFormat(Wire.FORMAT).build().toByteArray();
    }

    /** References that wait for a list of this level. */
    private static final class Level {
        final List<ChunkRef> refs = new ArrayList<>();
        final List<Long> spans = new ArrayList<>();
        long span;
        boolean spilled;

        void clear() {
            refs.clear();
            spans.clear();
            span = 0;
        }
    }
}
