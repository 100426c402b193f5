package sago.receiver.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import sago.common.id.Hash;

class RecordCodecTest {
    @Test
    void writesTheBytesOfTheFormat() {
        ByteBuffer to = ByteBuffer.allocate(256);
        RecordCodec codec = new RecordCodec();
        JournalPosition first =
                codec.encode(to, JournalPosition.START, 1, RecordType.KEYRING, ByteString.copyFromUtf8("abc"));
        JournalPosition second = codec.encode(to, first, 1, RecordType.PACK, ByteString.EMPTY);
        byte[] bytes = new byte[to.flip().remaining()];
        to.get(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        String zeros = "00".repeat(32);
        String start = "0000000000000001" + "0002" + "0001" + "0000000000000001" + zeros + "616263";
        assertThat(hex.substring(0, 8)).isEqualTo("00000003");
        assertThat(hex.substring(16, 16 + start.length())).isEqualTo(start);
        assertThat(hex.substring(8, 16)).isEqualTo("c45698f0");
        assertThat(first)
                .isEqualTo(new JournalPosition(
                        1, hash("efd36cae340982d678b8f4f5a04c4fa116ad356802ab8d3913e96feabb595de5")));
        assertThat(hex.substring(126))
                .isEqualTo("00000000" + "59828843" + "0000000000000002" + "0004" + "0001" + "0000000000000001"
                        + first.chain());
        assertThat(second.sequence()).isEqualTo(2);
    }

    @Test
    void headerIsTheSumOfItsFields() {
        assertThat(RecordCodec.HEADER_BYTES).isEqualTo(4 + 4 + 8 + 2 + 2 + 8 + 32);
        assertThat(RecordCodec.PREVIOUS_OFFSET + Hash.BYTES).isEqualTo(RecordCodec.HEADER_BYTES);
    }

    private static Hash hash(String hex) {
        return Hash.of(HexFormat.of().parseHex(hex));
    }
}
