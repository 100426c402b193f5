package sago.common.merkle;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import sago.common.id.Hash;

/**
 * Roots of RFC 6962 trees. A leaf is SHA-256(0x00 ‖ bytes), a node SHA-256(0x01 ‖ left ‖ right), the empty tree SHA-256 of nothing; a tree
 * of n leaves splits at the largest power of two below n.
 *
 * <p>A tree is folded from the left with a stack that holds one subtree for each bit of the number of leaves so far, so nothing is
 * allocated per leaf. A split always falls on a multiple of a smaller power of two, hence the tree over the roots of equally long
 * slices of 2^k leaves (the last may be shorter) is the tree over all their leaves.
 *
 * <p>Confined to one thread.
 */
public final class MerkleHasher {
    /** Bytes of a leaf of a pack's tree. */
    public static final int LEAF_BYTES = 4096;

    /** One level for each bit of an int count, and one for the subtree that is being added. */
    private static final int STACK_LEVELS = 33;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest = sha256();
    private final byte[] stack = new byte[STACK_LEVELS * Hash.BYTES];
    private final ByteBuffer root = ByteBuffer.wrap(stack);
    private int depth;
    private int count;

    /**
     * Root over the leaves of these bytes; the last leaf may be short. Of a slice of a pack this is a complete subtree. Borrows the
     * buffer, heap or direct, and leaves its position and limit as they were. Nobody else may use it meanwhile.
     */
    public Hash slice(ByteBuffer bytes) {
        clear();
        int end = bytes.limit();
        int begin = bytes.position();
        for (int start = begin; start < end; start += LEAF_BYTES) {
            bytes.limit(Math.min(end, start + LEAF_BYTES)).position(start);
            digest.update(LEAF);
            digest.update(bytes);
            push();
        }
        bytes.limit(end).position(begin);
        return fold();
    }

    /** Root of the tree over subtrees of one size, the last of which may be smaller, in order. Of the slices of a pack: the pack's root. */
    public Hash root(List<Hash> subtrees) {
        clear();
        ByteBuffer target = root;
        for (int i = 0; i < subtrees.size(); i++) {
            subtrees.get(i).write(target.position(depth * Hash.BYTES));
            merge();
        }
        return fold();
    }

    /** Root of the tree whose leaves are these entries. Borrows the arrays. */
    public Hash rootOfEntries(List<byte[]> entries) {
        clear();
        for (int i = 0; i < entries.size(); i++) {
            digest.update(LEAF);
            digest.update(entries.get(i));
            push();
        }
        return fold();
    }

    /** Hash of one leaf. Borrows the array. */
    public Hash leaf(byte[] entry) {
        digest.update(LEAF);
        return Hash.of(digest.digest(entry));
    }

    /** Hash of the node above two subtrees. */
    public Hash node(Hash left, Hash right) {
        digest.update(NODE);
        digest.update(left.toBytes());
        return Hash.of(digest.digest(right.toBytes()));
    }

    private void clear() {
        digest.reset();
        depth = 0;
        count = 0;
    }

    /** Ends the hash of a leaf on top of the stack and joins what is complete. */
    private void push() {
        digestInto(depth);
        merge();
    }

    /** Counts the subtree on top of the stack: as often as the count before was odd, level by level, two equals become one. */
    private void merge() {
        depth++;
        for (int before = count; (before & 1) != 0; before >>>= 1) {
            join();
        }
        count++;
    }

    /** Joins the unequal subtrees that are left, from the right, into the root. */
    private Hash fold() {
        if (depth == 0) {
            return Hash.of(digest.digest());
        }
        while (depth > 1) {
            join();
        }
        return Hash.read(root.clear());
    }

    private void join() {
        depth--;
        digest.update(NODE);
        digest.update(stack, (depth - 1) * Hash.BYTES, 2 * Hash.BYTES);
        digestInto(depth - 1);
    }

    private void digestInto(int level) {
        try {
            digest.digest(stack, level * Hash.BYTES, Hash.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("no room in the Merkle stack at level " + level, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }
}
