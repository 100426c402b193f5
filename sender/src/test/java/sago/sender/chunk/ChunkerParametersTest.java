package sago.sender.chunk;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import sago.common.limits.Limits;

class ChunkerParametersTest {
    @Test
    void refusesBoundsOutOfOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkerParameters(0, 1024, 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkerParameters(1024, 1024, 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkerParameters(256, 4096, 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkerParameters(256, 1000, 4096));
    }

    @Test
    void refusesChunksThatNoReaderTakes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkerParameters(256, 1024, Limits.CHUNK_BYTES_MAX + 1));
    }
}
