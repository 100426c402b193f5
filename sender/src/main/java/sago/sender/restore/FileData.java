package sago.sender.restore;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.source.posix.OpenNode;
import sago.sender.tree.Entry;
import sago.sender.tree.Extent;
import sago.sender.tree.Hole;

/**
 * The bytes of a file between its holes, against those of an open one. A data offset counts only the bytes between holes. A chunk that is
 * there already is not fetched. Any number of threads, each at stretches of its own.
 */
final class FileData {
    private static final int COPY_BYTES = 1 << 20;

    /** No usual file system has smaller ones. */
    private static final int BLOCK_BYTES = 4096;

    private final ChunkSource chunks;
    private final Entry file;

    FileData(ChunkSource chunks, Entry file) {
        this.chunks = chunks;
        this.file = file;
    }

    /** The chunk's bytes from the site. */
    byte[] fetch(ChunkRef ref) throws FaultException, InterruptedException {
        byte[] bytes = chunks.read(ref, ChunkKind.DATA);
        requireLength(ref, bytes.length);
        return bytes;
    }

    private static void requireLength(ChunkRef ref, int length) throws FaultException {
        if (length != ref.raw()) {
            throw new FaultException(Fault.INTEGRITY, "a chunk has " + length + " bytes instead of " + ref.raw());
        }
    }

    /** Writes the chunk's bytes from the site where they belong. */
    void fetch(ChunkRef ref, OpenNode node, long dataOffset) throws IOException, InterruptedException {
        chunks.lend(ref, ChunkKind.DATA, (bytes, offset, length) -> {
            requireLength(ref, length);
            write(node, dataOffset, bytes, offset, length);
        });
    }

    /** The chunk's bytes if they stand in this file where they belong, or null. */
    byte @Nullable [] found(OpenNode node, ChunkRef ref, long dataOffset) throws IOException, InterruptedException {
        byte[] there = new byte[ref.raw()];
        if (file.holes().isEmpty()) {
            if (node.read(dataOffset, there, there.length) < there.length) {
                return null;
            }
        } else {
            int done = 0;
            for (Extent extent : file.holes().extents(dataOffset, there.length)) {
                byte[] piece = new byte[(int) extent.length()];
                if (node.read(extent.offset(), piece, piece.length) < piece.length) {
                    return null;
                }
                System.arraycopy(piece, 0, there, done, piece.length);
                done += piece.length;
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return chunks.holds(ref, ChunkKind.DATA, there, there.length) ? there : null;
    }

    /** Writes bytes where they belong. */
    void write(OpenNode node, long dataOffset, byte[] bytes) throws IOException {
        write(node, dataOffset, bytes, 0, bytes.length);
    }

    private void write(OpenNode node, long dataOffset, byte[] bytes, int offset, int length) throws IOException {
        if (file.holes().isEmpty()) {
            node.write(dataOffset, bytes, offset, length);
            return;
        }
        int done = offset;
        for (Extent extent : file.holes().extents(dataOffset, length)) {
            node.write(extent.offset(), bytes, done, (int) extent.length());
            done += (int) extent.length();
        }
    }

    /** Copies the data before this offset from one file to another. */
    void copyStart(OpenNode from, OpenNode to, long dataLength) throws IOException, InterruptedException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, dataLength)];
        for (Extent extent : file.holes().extents(0, dataLength)) {
            long done = 0;
            while (done < extent.length()) {
                int piece = (int) Math.min(buffer.length, extent.length() - done);
                if (from.read(extent.offset() + done, buffer, piece) < piece) {
                    throw new IOException("it shrank while it was compared");
                }
                to.write(extent.offset() + done, buffer, 0, piece);
                done += piece;
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
    }

    /** Whether the file reads as zeros wherever the snapshot has holes. */
    boolean hasZerosInHoles(OpenNode node) throws IOException, InterruptedException {
        for (Hole hole : file.holes().list()) {
            if (node.hasDataIn(hole.offset(), hole.length()) && !isZero(node, hole)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(OpenNode node, Hole hole) throws IOException, InterruptedException {
        byte[] buffer = new byte[(int) Math.min(COPY_BYTES, hole.length())];
        for (long at = hole.offset(); at < hole.end(); at += buffer.length) {
            int piece = (int) Math.min(buffer.length, hole.end() - at);
            int read = node.read(at, buffer, piece);
            for (int i = 0; i < read; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }

    /** Gives back the space under the holes, as far as whole blocks lie in them. */
    boolean punchHoles(OpenNode node) throws IOException {
        boolean punched = false;
        for (Hole hole : file.holes().list()) {
            long start = (hole.offset() + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
            long length = hole.end() / BLOCK_BYTES * BLOCK_BYTES - start;
            if (length > 0 && node.hasDataIn(start, length)) {
                node.punchHole(start, length);
                punched = true;
            }
        }
        return punched;
    }
}
