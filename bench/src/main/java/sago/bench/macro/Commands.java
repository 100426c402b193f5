package sago.bench.macro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Command lines of the programs under test. */
final class Commands {
    private Commands() {}

    static List<String> line(String program, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(program);
        line.addAll(List.of(arguments));
        return line;
    }

    /** First line of what a short command prints. */
    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + ": exit status " + status);
        }
        return text.lines().findFirst().orElse("").strip();
    }
}
