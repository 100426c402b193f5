package sago.common.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** Every proof of transparency-dev/merkle, good and mutated; and all proofs of small trees against the definition. */
final class MerkleProofsTest {
    private static final int SIZE_MAX = 20;

    private final MerkleHasher hasher = new MerkleHasher();

    @Test
    void agreesWithTheInclusionVectors() throws IOException {
        Tally tally = new Tally("tlog inclusion");
        for (Path file : files("tlog/inclusion")) {
            Map<String, Object> test = Vectors.object(file);
            if (Vectors.text(test, "root").isEmpty()
                    && Vectors.text(test, "leafHash").isEmpty()) {
                tally.skip("neither root nor leaf has bytes: no Hash can be that");
                continue;
            }
            long index = size(test, "leafIdx");
            long size = size(test, "treeSize");
            Hash leaf = hash(test, "leafHash");
            Hash root = hash(test, "root");
            expect(test, file, () -> MerkleProofs.verifyInclusion(index, size, leaf, proof(test), root));
            tally.ran();
        }
        tally.expect(97, 1);
    }

    @Test
    void agreesWithTheConsistencyVectors() throws IOException {
        Tally tally = new Tally("tlog consistency");
        for (Path file : files("tlog/consistency")) {
            Map<String, Object> test = Vectors.object(file);
            TreeHead first = new TreeHead(size(test, "size1"), hash(test, "root1"));
            TreeHead second = new TreeHead(size(test, "size2"), hash(test, "root2"));
            expect(test, file, () -> MerkleProofs.verifyConsistency(first, second, proof(test)));
            tally.ran();
        }
        tally.expect(98, 0);
    }

    @Test
    void refusesProofsThatAreTooLongOrTooShort() {
        Hash leaf = hasher.leaf(new byte[] {1});
        Hash root = hasher.node(leaf, leaf);
        refused(() -> MerkleProofs.verifyInclusion(0, 2, leaf, List.of(), root), "too short");
        refused(() -> MerkleProofs.verifyInclusion(0, 2, leaf, List.of(leaf, leaf), root), "too long");
        refused(() -> MerkleProofs.verifyInclusion(2, 2, leaf, List.of(leaf), root), "leaf 2 of a tree of 2");
        refused(() -> MerkleProofs.verifyInclusion(0, 2, leaf, List.of(root), root), "does not lead to the root");
        TreeHead one = new TreeHead(1, leaf);
        TreeHead two = new TreeHead(2, root);
        refused(() -> MerkleProofs.verifyConsistency(one, two, List.of()), "too short");
        refused(() -> MerkleProofs.verifyConsistency(one, two, List.of(leaf, leaf)), "too long");
        refused(() -> MerkleProofs.verifyConsistency(two, one, List.of()), "cannot extend");
        refused(() -> MerkleProofs.verifyConsistency(new TreeHead(0, root), two, List.of()), "cannot extend");
        refused(() -> MerkleProofs.verifyConsistency(two, new TreeHead(2, leaf), List.of()), "two roots");
        refused(() -> MerkleProofs.verifyConsistency(one, two, List.of(root)), "does not lead to both roots");
    }

    /** Both proofs as RFC 6962, sections 2.1.1 and 2.1.2, define them, for every leaf and prefix of every small tree. */
    @Test
    void acceptsEveryProofOfSmallTrees() throws FaultException {
        List<Hash> leaves = Stream.iterate(0, i -> i + 1)
                .limit(SIZE_MAX)
                .map(i -> hasher.leaf(new byte[] {i.byteValue()}))
                .toList();
        for (int size = 1; size <= SIZE_MAX; size++) {
            List<Hash> tree = leaves.subList(0, size);
            Hash root = hasher.root(tree);
            for (int i = 0; i < size; i++) {
                MerkleProofs.verifyInclusion(i, size, leaves.get(i), path(i, tree), root);
                TreeHead prefix = new TreeHead(i + 1, hasher.root(leaves.subList(0, i + 1)));
                MerkleProofs.verifyConsistency(prefix, new TreeHead(size, root), prefixProof(i + 1, tree, true));
            }
        }
    }

    private List<Hash> path(int index, List<Hash> tree) {
        if (tree.size() == 1) {
            return List.of();
        }
        int split = Integer.highestOneBit(tree.size() - 1);
        List<Hash> left = tree.subList(0, split);
        List<Hash> right = tree.subList(split, tree.size());
        return index < split
                ? append(path(index, left), hasher.root(right))
                : append(path(index - split, right), hasher.root(left));
    }

    private List<Hash> prefixProof(int size, List<Hash> tree, boolean whole) {
        if (size == tree.size()) {
            return whole ? List.of() : List.of(hasher.root(tree));
        }
        int split = Integer.highestOneBit(tree.size() - 1);
        List<Hash> left = tree.subList(0, split);
        List<Hash> right = tree.subList(split, tree.size());
        return size <= split
                ? append(prefixProof(size, left, whole), hasher.root(right))
                : append(prefixProof(size - split, right, false), hasher.root(left));
    }

    private static List<Hash> append(List<Hash> list, Hash last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }

    private static void expect(Map<String, Object> test, Path file, ThrowingCallable verification) {
        if (Objects.equals(test.get("wantErr"), true)) {
            refused(verification, "Merkle proof refused");
        } else {
            assertThat(catchThrowable(verification)).as(file.toString()).isNull();
        }
    }

    private static void refused(ThrowingCallable verification, String because) {
        assertThatThrownBy(verification)
                .hasMessageContaining(because)
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Vectors.path(folder))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private static List<Hash> proof(Map<String, Object> test) {
        Object proof = test.get("proof");
        return proof == null
                ? List.of()
                : Vectors.items(test, "proof").stream()
                        .map(MerkleProofsTest::hash)
                        .toList();
    }

    /** Sizes beyond a long come out negative, as an unsigned field would. */
    private static long size(Map<String, Object> test, String field) {
        return ((Number) Objects.requireNonNull(test.get(field))).longValue();
    }

    private static Hash hash(Map<String, Object> test, String field) {
        return hash(test.get(field));
    }

    /** Our hashes are always 32 bytes: one of another length stands for its leaf hash, which is as wrong, or as equal, as it was. */
    private static Hash hash(@Nullable Object base64) {
        byte[] bytes = base64 == null ? new byte[0] : Base64.getDecoder().decode((String) base64);
        return bytes.length == Hash.BYTES ? Hash.of(bytes) : new MerkleHasher().leaf(bytes);
    }
}
