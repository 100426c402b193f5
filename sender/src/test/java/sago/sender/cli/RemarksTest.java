package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import sago.common.cli.Output;
import sago.common.time.Clock;

class RemarksTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    private final Remarks remarks = new Remarks(new Output("sago", stream, stream, Clock.system(), new SecureRandom()));

    @Test
    void thousandsOfOneKindDoNotHideAnother() {
        for (int i = 0; i < 1_000; i++) {
            remarks.vanished(Path.of("/gone", Integer.toString(i)));
        }
        remarks.unreadable(Path.of("/secret"), "permission denied");
        remarks.changed(Path.of("/log"));
        remarks.finish();

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .hasSize(Remarks.LINES_PER_KIND_MAX + 3)
                .contains("sago: cannot read /secret: permission denied", "sago: /log changed while it was read")
                .endsWith("sago: and " + (1_000 - Remarks.LINES_PER_KIND_MAX) + " more that vanished");
    }
}
