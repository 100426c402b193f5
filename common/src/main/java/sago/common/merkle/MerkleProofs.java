package sago.common.merkle;

import java.util.Iterator;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;

/**
 * Verifies proofs of RFC 6962 as RFC 9162, sections 2.1.3.2 and 2.1.4.2, describes. A proof comes from a peer: a size that cannot be, a
 * hash too many or too few, and a root that does not come out are all one {@link Fault#INTEGRITY}. Immutable, any thread.
 */
public final class MerkleProofs {
    private MerkleProofs() {}

    /** That the leaf with this hash stands at an index of the tree of this size and root. */
    public static void verifyInclusion(long index, long size, Hash leaf, List<Hash> proof, Hash root)
            throws FaultException {
        if (index < 0 || index >= size) {
            throw refuse("leaf " + index + " of a tree of " + size);
        }
        MerkleHasher hasher = new MerkleHasher();
        long position = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash step : proof) {
            if (last == 0) {
                throw refuse("inclusion proof is too long");
            }
            if ((position & 1) == 1 || position == last) {
                hash = hasher.node(step, hash);
                // Levels at which this node has no sibling on its right carry it up unchanged.
                int lift = Long.numberOfTrailingZeros(position);
                position >>>= lift;
                last >>>= lift;
            } else {
                hash = hasher.node(hash, step);
            }
            position >>>= 1;
            last >>>= 1;
        }
        if (last != 0) {
            throw refuse("inclusion proof is too short");
        }
        if (!hash.equals(root)) {
            throw refuse("inclusion proof does not lead to the root");
        }
    }

    /** That the first tree, which must not be empty (an empty one proves nothing), is a prefix of the second. */
    public static void verifyConsistency(TreeHead first, TreeHead second, List<Hash> proof) throws FaultException {
        if (first.size() < 1 || second.size() < first.size()) {
            throw refuse("a tree of " + second.size() + " cannot extend one of " + first.size());
        }
        if (first.size() == second.size()) {
            verifySame(first, second, proof);
            return;
        }
        Iterator<Hash> steps = proof.iterator();
        int complete = Long.numberOfTrailingZeros(first.size());
        long position = (first.size() - 1) >>> complete;
        long last = (second.size() - 1) >>> complete;
        // A first tree of a power of two is itself the node from which the proof starts.
        Hash oldHash = position == 0 ? first.root() : next(steps);
        Hash newHash = oldHash;
        MerkleHasher hasher = new MerkleHasher();
        while (last > 0) {
            if ((position & 1) == 1) {
                Hash step = next(steps);
                oldHash = hasher.node(step, oldHash);
                newHash = hasher.node(step, newHash);
            } else if (position < last) {
                newHash = hasher.node(newHash, next(steps));
            }
            position >>>= 1;
            last >>>= 1;
        }
        if (steps.hasNext()) {
            throw refuse("consistency proof is too long");
        }
        if (!oldHash.equals(first.root()) || !newHash.equals(second.root())) {
            throw refuse("consistency proof does not lead to both roots");
        }
    }

    private static void verifySame(TreeHead first, TreeHead second, List<Hash> proof) throws FaultException {
        if (!proof.isEmpty()) {
            throw refuse("consistency proof is too long");
        }
        if (!first.root().equals(second.root())) {
            throw refuse("two roots for one tree of " + first.size());
        }
    }

    private static Hash next(Iterator<Hash> steps) throws FaultException {
        if (!steps.hasNext()) {
            throw refuse("consistency proof is too short");
        }
        return steps.next();
    }

    private static FaultException refuse(String what) {
        return new FaultException(Fault.INTEGRITY, "Merkle proof refused: " + what);
    }
}
