package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

class TextArgumentTest {
    @TempDir
    private Path folder;

    private static String read(String argument) throws IOException {
        InputStream standardInput = new ByteArrayInputStream("sago-req1:in\n".getBytes(StandardCharsets.UTF_8));
        return TextArgument.read(argument, "sago-req1:", standardInput);
    }

    @Test
    void takesTheTextAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(folder.resolve("request"), "\nsago-req1:file \n");
        assertThat(read("sago-req1:text")).isEqualTo("sago-req1:text");
        assertThat(read(file.toString())).isEqualTo("sago-req1:file");
        assertThat(read("-")).isEqualTo("sago-req1:in");
    }

    @Test
    void refusesWhatIsNeither() throws IOException {
        Path long_ = Files.writeString(folder.resolve("long"), "x".repeat((64 << 10) + 1));
        for (String argument : new String[] {"sago-grant1:x", long_.toString()}) {
            assertThatThrownBy(() -> read(argument))
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.USAGE));
        }
    }
}
