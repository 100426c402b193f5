package sago.sender.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import sago.common.cli.Output;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.limits.Limits;
import sago.sender.backup.BackupSource;
import sago.sender.source.FileList;
import sago.sender.source.SourceRoots;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.stream.CommandOutput;
import sago.sender.stream.ContentStream;
import sago.sender.stream.StandardInput;
import sago.sender.tree.EntryKey;

/** What a backup reads: paths, images of disks, standard input, or the output of a command. */
final class SourceOptions {
    private static final String STREAM_NAME = "stdin";

    @Parameters(
            arity = "0..*",
            paramLabel = "PATH",
            description = "Files and folders; with --stdin-from-command, after --, the command and its arguments.")
    private List<String> operands = List.of();

    @Option(
            names = "--files-from",
            paramLabel = "FILE",
            description = "More paths and patterns, one per line; # begins a comment; - is standard input. Repeatable.")
    private List<String> filesFrom = List.of();

    @Option(
            names = "--files-from-verbatim",
            paramLabel = "FILE",
            description = "More paths, one per line, each as it stands.")
    private List<String> filesFromVerbatim = List.of();

    @Option(
            names = "--files-from-raw",
            paramLabel = "FILE",
            description = "More paths, each as it stands and ended by a NUL byte.")
    private List<String> filesFromRaw = List.of();

    @Option(
            names = "--image",
            paramLabel = "PATH",
            converter = PathConverter.class,
            description = {
                "A block device, or a file that is an image of one: stored as one file in chunks of 1 MiB, so that the next backup",
                "sends only what changed in it. Repeatable."
            })
    private List<Path> images = List.of();

    @Option(names = "--stdin", description = "Standard input becomes the one file of the snapshot.")
    private boolean stdin;

    @Option(
            names = "--stdin-from-command",
            description = "So does what the command after -- prints. If it fails, nothing is committed.")
    private boolean command;

    @Option(names = "--stdin-filename", hidden = true, description = "restic's name of --stdin-name.")
    private String resticName = "";

    @Option(names = "--stdin-name", paramLabel = "NAME", description = "Name of that file. Default: stdin.")
    private String name = "";

    @Mixin
    private final ExcludeOptions excludes = new ExcludeOptions();

    /** Whether a file is stored that comes from a stream. */
    boolean isStream() {
        return stdin || command;
    }

    /** What names a dataset that was given no name. */
    Path first() throws FaultException {
        if (isStream()) {
            return Path.of("/").resolve(streamName());
        }
        if (!operands.isEmpty()) {
            return path(operands.get(0));
        }
        if (!images.isEmpty()) {
            return images.get(0);
        }
        throw new FaultException(Fault.USAGE, "name the dataset with --dataset");
    }

    /** Paths as they were named, for an estimate of how much there is; none of a stream. */
    List<Path> named() throws FaultException {
        List<Path> paths = new ArrayList<>(images);
        for (String operand : isStream() ? List.<String>of() : operands) {
            paths.add(path(operand));
        }
        return paths;
    }

    /** What was asked for. Reads lists of files. */
    BackupSource source(InputStream standardInput, Output output) throws FaultException {
        requireOneKind();
        if (isStream()) {
            return stream(standardInput);
        }
        List<Path> paths = new ArrayList<>(named());
        FileList list = new FileList(Path.of("").toAbsolutePath(), line -> output.warning("nothing matches " + line));
        for (String file : filesFrom) {
            paths.addAll(list.read(new ByteArrayInputStream(bytes(file, standardInput))));
        }
        for (String file : filesFromVerbatim) {
            addVerbatim(bytes(file, standardInput), '\n', paths);
        }
        for (String file : filesFromRaw) {
            addVerbatim(bytes(file, standardInput), '\0', paths);
        }
        List<Path> existing = existing(paths, output);
        List<Path> real = new ArrayList<>(existing);
        Set<EntryKey> imageKeys = new HashSet<>();
        for (Path image : images) {
            Path device = image(image);
            real.remove(image);
            real.add(device);
            imageKeys.add(EntryKey.ofPath(PathBytes.of(device)));
        }
        return new BackupSource.Paths(SourceRoots.of(real), excludes.filter(), imageKeys);
    }

    private void requireOneKind() throws FaultException {
        if (stdin && command) {
            throw usage("--stdin and --stdin-from-command are two sources: take one");
        }
        boolean lists = !filesFrom.isEmpty() || !filesFromVerbatim.isEmpty() || !filesFromRaw.isEmpty();
        if (isStream() && (lists || !images.isEmpty() || (stdin && !operands.isEmpty()))) {
            throw usage("a snapshot of a stream holds nothing else: leave the paths out");
        }
        if (command && operands.isEmpty()) {
            throw usage("--stdin-from-command needs the command after --, for example: -- pg_dump mydb");
        }
        if (!isStream() && !(name.isEmpty() && resticName.isEmpty())) {
            throw usage("--stdin-name goes with --stdin or --stdin-from-command");
        }
    }

    private BackupSource stream(InputStream standardInput) throws FaultException {
        EntryKey key;
        try {
            key = EntryKey.ofPath(PathBytes.of(Path.of("/").resolve(streamName())));
        } catch (IllegalArgumentException e) {
            throw usage("\"" + streamName() + "\" cannot be the name of a file: " + e.getMessage());
        }
        Posix posix = Posix.load();
        ContentStream.Opener opener = command ? new CommandOutput(operands) : new StandardInput(standardInput);
        return new BackupSource.Stream(key, posix.uid(), posix.gid(), opener);
    }

    private String streamName() throws FaultException {
        String given = name.isEmpty() ? resticName : name;
        String relative = given.isEmpty() ? STREAM_NAME : given.startsWith("/") ? given.substring(1) : given;
        if (relative.isEmpty() || relative.contains("/")) {
            throw usage("--stdin-name is the name of one file, without folders: \"" + given + "\" is none");
        }
        return relative;
    }

    /** The file or device itself: what the snapshot names must not depend on where a link leads tomorrow. */
    private static Path image(Path path) throws FaultException {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException e) {
            throw new FaultException(Fault.NOT_FOUND, "there is no " + path + " to back up", e);
        }
        if (Files.isDirectory(real)) {
            throw usage("--image takes a block device or a file: " + path + " is a folder");
        }
        return real;
    }

    /** What is there, if anything is: of several paths one may be gone. */
    private static List<Path> existing(List<Path> paths, Output output) throws FaultException {
        List<Path> existing = new ArrayList<>();
        for (Path path : paths) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) || paths.size() == 1) {
                existing.add(path);
            } else {
                output.warning("there is no " + path);
            }
        }
        if (existing.isEmpty() && !paths.isEmpty()) {
            throw new FaultException(Fault.NOT_FOUND, "none of the " + paths.size() + " paths to back up exists");
        }
        return existing;
    }

    private static byte[] bytes(String file, InputStream standardInput) throws FaultException {
        try (InputStream in = file.equals("-") ? standardInput : Files.newInputStream(path(file))) {
            byte[] bytes = in.readNBytes(Limits.PATTERN_FILE_BYTES_MAX + 1);
            if (bytes.length > Limits.PATTERN_FILE_BYTES_MAX) {
                throw usage(file + " is too large for a list of files");
            }
            return bytes;
        } catch (FaultException e) {
            throw e;
        } catch (IOException e) {
            throw new FaultException(Fault.USAGE, "cannot read the list of files " + file + ": " + e.getMessage(), e);
        }
    }

    private static void addVerbatim(byte[] bytes, char end, List<Path> paths) throws FaultException {
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == end) {
                if (i > from) {
                    paths.add(verbatim(Arrays.copyOfRange(bytes, from, i)));
                }
                from = i + 1;
            }
        }
    }

    private static Path verbatim(byte[] line) throws FaultException {
        try {
            return line[0] == '/'
                    ? PathBytes.toPath(line)
                    : PathBytes.resolve(Path.of("").toAbsolutePath(), line);
        } catch (IllegalArgumentException e) {
            throw usage("\"" + new String(line, StandardCharsets.UTF_8) + "\" is no path: " + e.getMessage());
        }
    }

    private static Path path(String text) throws FaultException {
        try {
            return new PathConverter().convert(text);
        } catch (TypeConversionException e) {
            throw new FaultException(Fault.USAGE, "\"" + text + "\" is no path: " + e.getMessage(), e);
        }
    }

    private static FaultException usage(String message) {
        return new FaultException(Fault.USAGE, message);
    }
}
