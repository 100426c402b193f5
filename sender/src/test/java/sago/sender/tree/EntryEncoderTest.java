package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.sender.proto.TreeEntry;
import sago.sender.proto.TreeNode;

class EntryEncoderTest {
    @Test
    void nodesAreByteForByteWhatTheGeneratedCodeWrites() throws Exception {
        long seed = System.nanoTime();
        List<Entry> entries = TestEntries.random(new Random(seed), 500, new MemoryChunks());
        NodeEncoder encoder = new NodeEncoder(0);
        for (Entry entry : entries) {
            encoder.add(entry);
        }
        byte[] bytes = encoder.toBytes();
        TreeNode parsed = TreeNode.parseFrom(bytes);
        assertThat(parsed.toByteArray()).as("seed " + seed).isEqualTo(bytes);
        assertThat(parsed.getEntriesList())
                .as("seed " + seed)
                .hasSize(500)
                .anyMatch(entry -> entry.getHolesCount() > 0)
                .anyMatch(entry -> entry.getAttributesCount() > 0)
                .anyMatch(entry -> entry.getRefPackCount() > 0);
        assertThat(encoder.encodedBytes())
                .isBetween(bytes.length - 16, bytes.length)
                .isGreaterThan(parsed.getEntriesList().stream()
                        .mapToInt(TreeEntry::getSerializedSize)
                        .sum());
        assertThat(NodeDecoder.leaf(bytes)).isEqualTo(entries);
    }
}
