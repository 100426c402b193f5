package sago.sender.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.pattern.NamePattern;
import sago.sender.pattern.PatternFile;
import sago.sender.source.posix.PathBytes;
import sago.sender.tree.RawText;

/**
 * Paths to back up that stand in a file, with restic's meaning: a path or pattern on each line, blank ones and comments skipped, relative to
 * the working folder. Confined to one thread.
 */
public final class FileList {
    private final Path workingFolder;
    private final Consumer<String> unmatched;

    /** @param unmatched hears each line that names nothing */
    public FileList(Path workingFolder, Consumer<String> unmatched) {
        this.workingFolder = workingFolder;
        this.unmatched = unmatched;
    }

    /** The paths that the lines of this stream name, in their order. */
    public List<Path> read(InputStream in) throws FaultException {
        byte[] bytes;
        try {
            bytes = in.readNBytes(Limits.PATTERN_FILE_BYTES_MAX + 1);
        } catch (IOException e) {
            throw new FaultException(Fault.USAGE, "cannot read the list of files: " + e.getMessage(), e);
        }
        if (bytes.length > Limits.PATTERN_FILE_BYTES_MAX) {
            throw new FaultException(
                    Fault.USAGE,
                    "a list of files is larger than " + (Limits.PATTERN_FILE_BYTES_MAX >> 20)
                            + " MiB: name folders instead");
        }
        List<Path> paths = new ArrayList<>();
        for (String line : PatternFile.lines(bytes)) {
            List<Path> found = matches(line);
            if (found.isEmpty()) {
                unmatched.accept(line);
            }
            paths.addAll(found);
        }
        return paths;
    }

    private List<Path> matches(String line) throws FaultException {
        List<Path> found = List.of(line.startsWith("/") ? Path.of("/") : workingFolder);
        for (String name : line.split("/", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            NamePattern pattern = NamePattern.parse(name);
            String literal = pattern.literal();
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                if (literal == null) {
                    next.addAll(matchesIn(folder, pattern));
                } else {
                    next.add(child(folder, literal, line));
                }
            }
            found = next;
        }
        return found.stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    private static Path child(Path folder, String literal, String line) throws FaultException {
        byte[] name = RawText.bytes(literal);
        for (byte b : name) {
            if (b == 0) {
                throw new FaultException(
                        Fault.USAGE, "a path in the list of files has a NUL byte: " + line.replace("\0", "\\0"));
            }
        }
        return PathBytes.resolve(folder, name);
    }

    private static List<Path> matchesIn(Path folder, NamePattern pattern) {
        List<Path> matches = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (pattern.matches(PathBytes.nameOf(child))) {
                    matches.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What cannot be listed matches nothing, as for a shell; the line is told if nothing else does.
            return List.of();
        }
        matches.sort(Comparator.naturalOrder());
        return matches;
    }
}
