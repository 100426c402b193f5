package sago.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.bench.result.BenchResult;
import sago.bench.result.ResultFiles;

/** {@code sago bench report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Result files as one HTML page that needs no network and no script.",
        footer = "%nExample: bin/sago bench report sago-bench-*.json --out report.html")
public final class ReportCommand implements Callable<Integer> {
    private static final String STYLES = "report.css";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Results of sago bench.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--out",
            defaultValue = "sago-bench-report.html",
            paramLabel = "FILE",
            description = "Where the page goes (default ${DEFAULT-VALUE}).")
    private Path out;

    private final PrintStream terminal = System.out;

    @Override
    public Integer call() throws IOException {
        List<Page.Source> sources = new ArrayList<>();
        for (Path file : files) {
            BenchResult result = ResultFiles.read(file);
            if (!Page.kinds().contains(result.kind())) {
                throw new IOException(file + " is of a kind that cannot be drawn: " + result.kind() + ", not one of "
                        + String.join(", ", Page.kinds()));
            }
            sources.add(new Page.Source(String.valueOf(file.getFileName()), result));
        }
        String page = new Page(styles()).render(sources);
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, page);
        terminal.println("written to " + out);
        return 0;
    }

    static String styles() throws IOException {
        try (InputStream in = ReportCommand.class.getResourceAsStream(STYLES)) {
            if (in == null) {
                throw new IllegalStateException("no " + STYLES + " in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
