package sago.common.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.id.Hash;

/** Compares with the recursive definition in RFC 6962, section 2.1, written down here as it stands there. */
final class MerkleHasherTest {
    private static final int LEAF = MerkleHasher.LEAF_BYTES;

    private final MerkleHasher hasher = new MerkleHasher();

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, LEAF - 1, LEAF, LEAF + 1, 2 * LEAF, 2 * LEAF + 1, 3 * LEAF, 5 * LEAF, 7 * LEAF - 1, 16 * LEAF
            })
    void givesTheRootOfTheDefinition(int length) throws Exception {
        byte[] bytes = bytes(length);
        Hash expected = Hash.of(definition(leaves(bytes)));
        assertThat(hasher.slice(ByteBuffer.wrap(bytes))).isEqualTo(expected);
        ByteBuffer direct = ByteBuffer.allocateDirect(length + 10).position(7).put(bytes);
        direct.flip().position(7);
        assertThat(hasher.slice(direct)).isEqualTo(expected);
        assertThat(direct.position()).isEqualTo(7);
        assertThat(direct.remaining()).isEqualTo(length);
        assertThat(hasher.rootOfEntries(leaves(bytes))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 31})
    void joinsSlicesToTheRootOfTheWholeFile(int leaves) throws Exception {
        byte[] bytes = bytes(leaves * LEAF);
        Hash whole = hasher.slice(ByteBuffer.wrap(bytes));
        for (int sliceBytes = LEAF; sliceBytes <= 8 * LEAF; sliceBytes *= 2) {
            List<Hash> slices = new ArrayList<>();
            for (int from = 0; from < bytes.length; from += sliceBytes) {
                slices.add(hasher.slice(ByteBuffer.wrap(bytes, from, Math.min(sliceBytes, bytes.length - from))));
            }
            assertThat(hasher.root(slices)).isEqualTo(whole);
        }
    }

    @Test
    void givesTheHashOfNothingForTheEmptyTree() throws Exception {
        Hash nothing = Hash.of(sha256());
        assertThat(hasher.slice(ByteBuffer.allocate(0))).isEqualTo(nothing);
        assertThat(hasher.root(List.of())).isEqualTo(nothing);
        assertThat(hasher.rootOfEntries(List.of())).isEqualTo(nothing);
    }

    @Test
    void separatesLeavesFromNodes() throws Exception {
        byte[] left = bytes(32);
        byte[] both = Arrays.copyOf(left, 64);
        Hash node = hasher.node(Hash.of(left), Hash.ZERO);
        assertThat(node).isEqualTo(Hash.of(sha256(new byte[] {1}, both)));
        assertThat(hasher.leaf(both)).isEqualTo(Hash.of(sha256(new byte[] {0}, both)));
        assertThat(hasher.root(List.of(Hash.of(left), Hash.ZERO))).isEqualTo(node);
    }

    /** Any flipped bit of a slice changes its root. */
    @Test
    void noticesEveryFlippedBit() {
        byte[] bytes = bytes(LEAF + 64);
        Hash root = hasher.slice(ByteBuffer.wrap(bytes));
        for (int bit = 0; bit < bytes.length * 8; bit += 13) {
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(hasher.slice(ByteBuffer.wrap(bytes))).isNotEqualTo(root);
            bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        }
    }

    private static byte[] definition(List<byte[]> leaves) throws Exception {
        if (leaves.isEmpty()) {
            return sha256();
        }
        if (leaves.size() == 1) {
            return sha256(new byte[] {0}, leaves.get(0));
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return sha256(
                new byte[] {1}, definition(leaves.subList(0, split)), definition(leaves.subList(split, leaves.size())));
    }

    private static List<byte[]> leaves(byte[] bytes) {
        List<byte[]> leaves = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += LEAF) {
            leaves.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + LEAF)));
        }
        return leaves;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[]... parts) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
