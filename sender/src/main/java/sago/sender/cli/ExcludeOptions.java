package sago.sender.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import sago.common.fault.FaultException;
import sago.sender.pattern.Excludes;
import sago.sender.pattern.PatternFile;
import sago.sender.source.ExcludeTag;
import sago.sender.source.SourceFilter;

/** What a backup leaves out, with restic's names and meaning. */
final class ExcludeOptions {
    @Option(
            names = {"-e", "--exclude"},
            paramLabel = "PATTERN",
            description =
                    "Leave out what matches, for example '*.tmp' or '/data/**/cache'; '!PATTERN' takes it back. Repeatable.")
    private List<String> patterns = List.of();

    @Option(names = "--iexclude", paramLabel = "PATTERN", description = "The same, capital and small letters alike.")
    private List<String> ignoringCase = List.of();

    @Option(
            names = "--exclude-file",
            paramLabel = "FILE",
            description = "Patterns from a file, one per line; # begins a comment.")
    private List<Path> files = List.of();

    @Option(names = "--iexclude-file", paramLabel = "FILE", description = "The same, capital and small letters alike.")
    private List<Path> filesIgnoringCase = List.of();

    @Option(
            names = "--exclude-if-present",
            paramLabel = "NAME[:HEADER]",
            description =
                    "Of a folder that holds a file of this name (that begins so) keep only the folder and that file.")
    private List<String> tags = List.of();

    @Option(names = "--exclude-caches", description = "The same for folders with a CACHEDIR.TAG.")
    private boolean caches;

    @Option(
            names = {"-x", "--one-file-system"},
            description = "Of what is mounted below the paths keep only the folder itself.")
    private boolean oneFileSystem;

    SourceFilter filter() throws FaultException {
        List<ExcludeTag> present = new ArrayList<>();
        for (String tag : tags) {
            present.add(ExcludeTag.parse(tag));
        }
        if (caches) {
            present.add(ExcludeTag.CACHES);
        }
        return new SourceFilter(
                Excludes.of(all(patterns, files), all(ignoringCase, filesIgnoringCase)), present, oneFileSystem);
    }

    private static List<String> all(List<String> patterns, List<Path> files) throws FaultException {
        List<String> all = new ArrayList<>(patterns);
        for (Path file : files) {
            all.addAll(PatternFile.read(file));
        }
        return all;
    }
}
