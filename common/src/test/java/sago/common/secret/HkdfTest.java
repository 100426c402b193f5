package sago.common.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

final class HkdfTest {
    @Test
    void givesTheAnswersOfWycheproof() throws IOException {
        Tally tally = new Tally("wycheproof hkdf_sha256");
        Vectors.wycheproof("hkdf_sha256_test.json", (group, test) -> {
            byte[] ikm = Vectors.hex(test, "ikm");
            byte[] salt = Vectors.hex(test, "salt");
            byte[] info = Vectors.hex(test, "info");
            int size = Vectors.number(test, "size");
            if (Vectors.text(test, "result").equals("valid")) {
                assertThat(Hkdf.sha256(salt, ikm, info, size)).isEqualTo(Vectors.hex(test, "okm"));
            } else {
                assertThatThrownBy(() -> Hkdf.sha256(salt, ikm, info, size))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            tally.ran();
        });
        tally.expect(86, 0);
    }

    /** FLOE is the only user of SHA-384 and has its own vectors; this answer was computed apart, from the definition of RFC 5869. */
    @Test
    void expandsWithSha384() {
        byte[] prk = HexFormat.of().parseHex("0b".repeat(48));
        byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");
        assertThat(HexFormat.of().formatHex(Hkdf.expandSha384(prk, info, 100)))
                .isEqualTo(
                        "2f9ed37081f23b43644e66ee10a65e93cc7e060c77bc3eada967bf474efa89e656d8118d8e5786a9bdd19e634038eba2244966e34abcdeb7374d0eacbfc51268101bf4b261ecf48e94c34f03bb836644387b89d8d6d1403aaeae2d2cd51baafdc4a4c1dc");
    }

    @Test
    void takesItsOwnInstancePerCall() throws Exception {
        byte[] prk = new byte[32];
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int task = 0; task < 4; task++) {
                byte[] info = {(byte) task};
                byte[] alone = Hkdf.expandSha256(prk, info, 100);
                tasks.add(() -> {
                    for (int i = 0; i < 500; i++) {
                        if (!Arrays.equals(alone, Hkdf.expandSha256(prk, info, 100))) {
                            return false;
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
