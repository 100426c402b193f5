package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sago.common.secret.SecretBytes;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** The known answers of the FLOE specification's own C++ and Java implementations, opened and, with their IVs, sealed again. */
final class FloeVectorsTest {
    private static final SecretBytes KEY = SecretBytes.of(new byte[32]);
    private static final byte[] AAD = "This is AAD".getBytes(StandardCharsets.US_ASCII);

    static Iterable<AeadProvider> providers() {
        return AeadProviders.available();
    }

    private static Map<String, FloeParameters> messages() {
        Map<String, FloeParameters> messages = new TreeMap<>();
        for (String maker : new String[] {"cpp", "java"}) {
            messages.put(maker + "_GCM256_IV256_4K", FloeParameters.of(4096));
            messages.put(maker + "_GCM256_IV256_64", FloeParameters.of(64));
            messages.put(maker + "_rotation", new FloeParameters(40, 2));
        }
        messages.put("java_lastSegAligned", FloeParameters.of(40));
        messages.put("java_lastSegEmpty", FloeParameters.of(40));
        return messages;
    }

    @ParameterizedTest
    @MethodSource("providers")
    void opensEveryMessage(AeadProvider provider) throws IOException {
        Tally tally = new Tally("floe opened, " + provider);
        for (Map.Entry<String, FloeParameters> message : messages().entrySet()) {
            byte[] sealed = read(message.getKey() + "_ct.txt");
            byte[] header = Arrays.copyOf(sealed, FloeParameters.HEADER_BYTES);
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            try (FloeOpener opener = new FloeOpener(KEY, AAD, message.getValue(), header)) {
                int segments = segments(sealed, message.getValue());
                for (int i = 0; i < segments; i++) {
                    ByteBuffer segment = segment(sealed, message.getValue(), i);
                    ByteBuffer part = ByteBuffer.allocate(message.getValue().plainBytes());
                    opener.open(provider.aead(), i, i == segments - 1, segment, part);
                    plain.write(part.array(), 0, part.position());
                }
            }
            assertThat(plain.toByteArray()).as(message.getKey()).isEqualTo(read(message.getKey() + "_pt.txt"));
            tally.ran();
        }
        tally.expect(8, 0);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void sealsEveryMessageAgain(AeadProvider provider) throws IOException {
        Tally tally = new Tally("floe sealed, " + provider);
        for (Map.Entry<String, FloeParameters> message : messages().entrySet()) {
            byte[] sealed = read(message.getKey() + "_ct.txt");
            byte[] plain = read(message.getKey() + "_pt.txt");
            int segments = segments(sealed, message.getValue());
            ByteBuffer again = ByteBuffer.allocate(sealed.length);
            try (FloeSealer sealer =
                    new FloeSealer(KEY, AAD, message.getValue(), ivs(sealed, message.getValue()), provider.aead())) {
                again.put(sealer.header());
                int full = sealer.segmentPlainBytes();
                for (int i = 0; i < segments; i++) {
                    int length = Math.min(full, plain.length - i * full);
                    sealer.seal(ByteBuffer.wrap(plain, i * full, length), i == segments - 1, again);
                }
            }
            assertThat(again.array()).as(message.getKey()).isEqualTo(sealed);
            tally.ran();
        }
        tally.expect(8, 0);
    }

    private static FixedRandom ivs(byte[] sealed, FloeParameters parameters) {
        int segments = segments(sealed, parameters);
        byte[][] ivs = new byte[segments + 1][];
        ivs[0] = Arrays.copyOfRange(sealed, FloeParameters.BYTES, FloeParameters.BYTES + FloeParameters.IV_BYTES);
        for (int i = 0; i < segments; i++) {
            ivs[i + 1] = new byte[Aead.IV_BYTES];
            ByteBuffer segment = segment(sealed, parameters, i);
            segment.position(segment.position() + Integer.BYTES).get(ivs[i + 1]);
        }
        return new FixedRandom(ivs);
    }

    private static int segments(byte[] sealed, FloeParameters parameters) {
        int body = sealed.length - FloeParameters.HEADER_BYTES;
        return (body + parameters.segmentBytes() - 1) / parameters.segmentBytes();
    }

    private static ByteBuffer segment(byte[] sealed, FloeParameters parameters, int index) {
        int from = FloeParameters.HEADER_BYTES + index * parameters.segmentBytes();
        return ByteBuffer.wrap(sealed, from, Math.min(parameters.segmentBytes(), sealed.length - from));
    }

    private static byte[] read(String name) throws IOException {
        return HexFormat.of()
                .parseHex(Files.readString(Vectors.path("floe/" + name)).strip());
    }
}
