package sago.sender.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.keys.HomeContext;
import sago.sender.upload.RateLimit;

/**
 * The limit of all backups of a home, which {@code sago limit} sets while they run: one line of text in {@code sender/limit}, in the words of the
 * command. Where there is no file each backup has the limit that it was started with. Any process may write it at any time.
 */
public final class LimitFile {
    private static final int BYTES_MAX = RateLimit.TEXT_CHARS_MAX + 1;

    private final DurableFiles files;
    private final Path path;

    public LimitFile(HomeContext context) {
        this(context.files(), context.senderFolder().resolve("limit"));
    }

    LimitFile(DurableFiles files, Path path) {
        this.files = files;
        this.path = path;
    }

    /**
     * The limit that was set, or nothing.
     *
     * @throws FaultException USAGE where the file holds something else
     */
    public Optional<RateLimit> read() throws IOException {
        byte[] bytes;
        try {
            bytes = files.read(path, BYTES_MAX);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        try {
            return Optional.of(RateLimit.parse(new String(bytes, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new FaultException(
                    Fault.USAGE, path + " holds no limit (" + e.getMessage() + "): `sago limit` writes it anew", e);
        }
    }

    /** From now on, for the backups that run too. */
    public void write(RateLimit limit) throws IOException {
        files.atomicWrite(path, (limit + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Each backup goes by what it was started with again. */
    public void delete() throws IOException {
        if (files.exists(path)) {
            files.delete(path);
        }
    }
}
