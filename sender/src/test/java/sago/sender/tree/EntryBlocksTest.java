package sago.sender.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.sender.pack.ChunkRef;

class EntryBlocksTest {
    @Test
    void entriesOfSeveralBlocksComeBackAsTheyWere() throws Exception {
        List<Entry> entries = TestEntries.random(new Random(4), 3000, new MemoryChunks());
        List<byte[]> blocks = EntryBlocks.encode(entries);
        assertThat(blocks).hasSizeGreaterThan(1);
        List<Entry> decoded = new ArrayList<>();
        for (byte[] block : blocks) {
            assertThat(block.length).isLessThan(2 * NodeEncoder.BYTES_MIN);
            decoded.addAll(EntryBlocks.decode(block));
        }
        assertThat(decoded)
                .isEqualTo(entries.stream().map(e -> e.withXattrs(List.of())).toList());
    }

    @Test
    void nothingIsNoBlock() {
        assertThat(EntryBlocks.encode(List.of())).isEmpty();
    }

    @Test
    void referencesComeBackAsTheyWere() throws FaultException {
        List<ChunkRef> refs = new ArrayList<>();
        for (int i = 0; i < Limits.LIST_REFS_MAX; i++) {
            refs.add(new ChunkRef(new PackId(i % 3, 1), i, 5, 9, i));
        }
        assertThat(EntryBlocks.decodeRefs(EntryBlocks.encodeRefs(refs))).isEqualTo(refs);
        refs.add(refs.get(0));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> EntryBlocks.encodeRefs(refs));
    }

    @Test
    void refusesBytesThatAreNoBlock() {
        assertThatExceptionOfType(FaultException.class)
                .isThrownBy(() -> EntryBlocks.decode(new byte[] {1, 2, 3}))
                .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }
}
