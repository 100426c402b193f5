package sago.bench.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.common.time.Clock;

/** {@code sago bench data}. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Writes data to measure with; the same seed and size give the same bytes.",
        footer = "%nExample: bin/sago bench data logs:4G /var/tmp/logs")
public final class DataCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "KIND[:SIZE]",
            description =
                    "tree (4G, about 74,000 entries), logs (4G), random (4G), small (100,000 files of 8 KiB on average) or image (one file, 4G); SIZE as 500M or"
                            + " 4G, for tree and small also a number of entries.")
    private String data;

    @Parameters(index = "1", paramLabel = "DIR", description = "Where to: an empty folder, or a new one.")
    private Path folder;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Another seed gives other bytes (default 1).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        DataSet set;
        try {
            set = DataSets.parse(data, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Clock clock = Clock.system();
        long startNs = clock.monotonicNs();
        DataSet.Contents contents = set.generate(folder);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d files, %,d folders, %,d links, %,d bytes in %s, %.1f s%n",
                set.name(),
                contents.files(),
                contents.folders(),
                contents.links(),
                contents.bytes(),
                folder,
                (clock.monotonicNs() - startNs) / 1e9);
        return 0;
    }
}
