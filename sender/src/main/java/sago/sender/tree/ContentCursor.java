package sago.sender.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;

/** The chunks of one file in file order; opens lists as it comes to them, one per level at a time. Confined to one thread. */
public final class ContentCursor {
    private final ChunkSource chunks;
    private final long bytes;

    /** The deepest on top; the bottom one holds the references of the entry, of level {@code listLevel}. */
    private final Deque<Iterator<NodeDecoder.Span>> open = new ArrayDeque<>();

    private final int depth;
    private long position;

    public ContentCursor(ChunkSource chunks, FileContent content) {
        this.chunks = chunks;
        this.bytes = content.bytes();
        this.depth = content.listLevel() + 1;
        List<NodeDecoder.Span> first = new ArrayList<>(content.refs().size());
        for (ChunkRef ref : content.refs()) {
            first.add(new NodeDecoder.Span(ref, depth == 1 ? ref.raw() : -1));
        }
        open.push(first.iterator());
    }

    /** The next chunk of data, or null at the end. Throws INTEGRITY where lists do not hold what they should. */
    public @Nullable ChunkRef next() throws FaultException, InterruptedException {
        while (!open.isEmpty()) {
            Iterator<NodeDecoder.Span> top = open.peek();
            if (!top.hasNext()) {
                open.pop();
                continue;
            }
            NodeDecoder.Span span = top.next();
            if (open.size() == depth) {
                position += span.ref().raw();
                if (span.ref().raw() == 0 || position > bytes) {
                    throw NodeDecoder.corrupt("chunks of a file exceed its " + bytes + " bytes");
                }
                return span.ref();
            }
            descend(span);
        }
        if (position != bytes) {
            throw NodeDecoder.corrupt("chunks of a file end at " + position + " of " + bytes + " bytes");
        }
        return null;
    }

    /** File offset of the chunk that comes next: the sum of those before. */
    public long position() {
        return position;
    }

    private void descend(NodeDecoder.Span span) throws FaultException, InterruptedException {
        if (span.ref().raw() > Limits.TREE_NODE_BYTES_MAX) {
            throw NodeDecoder.corrupt("a chunk list of " + span.ref().raw() + " bytes");
        }
        List<NodeDecoder.Span> below = NodeDecoder.list(chunks.read(span.ref(), ChunkKind.LIST), depth - open.size());
        long sum = 0;
        for (NodeDecoder.Span one : below) {
            sum += one.bytes();
        }
        if (span.bytes() >= 0 && sum != span.bytes()) {
            throw NodeDecoder.corrupt("a chunk list holds " + sum + " bytes where " + span.bytes() + " belong");
        }
        open.push(below.iterator());
    }
}
