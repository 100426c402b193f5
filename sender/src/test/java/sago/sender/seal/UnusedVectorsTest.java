package sago.sender.seal;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sago.common.testing.Tally;
import sago.common.testing.Vectors;

/** Vectors that have nothing here to test, each with its reason, so that no file of them is passed over in silence. */
final class UnusedVectorsTest {
    private static final Map<String, String> REASONS = Map.of(
            "hkdf_sha512_test.json", "HKDF-SHA512 is not used",
            "hmac_sha512_test.json", "HMAC-SHA512 is not used",
            "mlkem_768_semi_expanded_decaps_test.json", "ML-KEM keys are only ever seeds");

    @Test
    void namesWhatIsNotApplicable() throws IOException {
        Tally tally = new Tally("wycheproof without a user");
        for (Map.Entry<String, String> reason : REASONS.entrySet()) {
            Vectors.wycheproof(reason.getKey(), (group, test) -> tally.skip(reason.getValue()));
        }
        tally.expect(0, 266);
    }
}
