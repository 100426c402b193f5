package sago.sender.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.sender.keys.HomeContext;

/**
 * What was verified last, for {@code status} to print: small text files {@code sender/verified/<dataset>-<site>.snapshot}, written only by the
 * key holder's {@link SnapshotCheck}, and {@code ….site}, of what the site alone said about itself. Nothing else depends on them, so a
 * damaged one counts as none. Confined to one thread.
 *
 * <p>One line each: format, dataset, site, numbers, CRC32C of what stands before it.
 */
public final class VerifyMarks {
    private static final String FORMAT = "2";
    private static final int BYTES_MAX = 512;

    /** Format, dataset, site before the numbers; the check behind them. */
    private static final int NUMBERS_FROM = 3;

    private final HomeContext context;

    public VerifyMarks(HomeContext context) {
        this.context = context;
    }

    /**
     * A snapshot that the key holder opened.
     *
     * @param chunks of its data that were opened and compared with their ids
     * @param bytes in those, uncompressed
     * @param dataPercent of its data that was to be read; 0: a sample
     */
    public record Verified(long atMs, long sequence, Hash manifest, long chunks, long bytes, int dataPercent) {}

    /** A site that hashed every pack of a dataset and gave the roots that home expects. */
    public record SiteCheck(long atMs, long sequence, long packs, long bytes) {}

    /** Package-private: only who opened a snapshot may say so. */
    void verified(DatasetId dataset, SiteId site, Verified mark) throws IOException {
        write(
                file(dataset, site, "snapshot"),
                start(dataset, site) + " " + mark.atMs + " " + mark.sequence + " " + mark.manifest + " " + mark.chunks
                        + " " + mark.bytes + " " + mark.dataPercent);
    }

    void checked(DatasetId dataset, SiteId site, SiteCheck mark) throws IOException {
        write(
                file(dataset, site, "site"),
                start(dataset, site) + " " + mark.atMs + " " + mark.sequence + " " + mark.packs + " " + mark.bytes);
    }

    /** The snapshot that the key holder verified last. */
    public Optional<Verified> verified(DatasetId dataset, SiteId site) throws IOException {
        String[] words = words(file(dataset, site, "snapshot"), start(dataset, site), 6);
        try {
            return words == null
                    ? Optional.empty()
                    : Optional.of(new Verified(
                            Long.parseLong(words[0]),
                            Long.parseLong(words[1]),
                            Hash.of(HexFormat.of().parseHex(words[2])),
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4]),
                            Integer.parseInt(words[5])));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** What the site said last about all of its packs. */
    public Optional<SiteCheck> checked(DatasetId dataset, SiteId site) throws IOException {
        String[] words = words(file(dataset, site, "site"), start(dataset, site), 4);
        try {
            return words == null
                    ? Optional.empty()
                    : Optional.of(new SiteCheck(
                            Long.parseLong(words[0]),
                            Long.parseLong(words[1]),
                            Long.parseLong(words[2]),
                            Long.parseLong(words[3])));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    private void write(Path file, String text) throws IOException {
        context.files().createFolders(folder(), FileAccess.PRIVATE);
        context.files().atomicWrite(file, (text + " " + check(text) + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The numbers of a sound file, or null. */
    private String @Nullable [] words(Path file, String start, int count) throws IOException {
        String text;
        try {
            text = new String(context.files().read(file, BYTES_MAX), StandardCharsets.US_ASCII);
        } catch (NoSuchFileException none) {
            return null;
        } catch (FaultException e) {
            if (e.fault() == Fault.LIMIT) {
                return null;
            }
            throw e;
        }
        int end = text.lastIndexOf(' ');
        if (end < 0
                || !text.startsWith(start + " ")
                || !text.substring(end + 1).equals(check(text.substring(0, end)) + "\n")) {
            return null;
        }
        String[] words = text.substring(0, end).split(" ", -1);
        return words.length == NUMBERS_FROM + count ? Arrays.copyOfRange(words, NUMBERS_FROM, words.length) : null;
    }

    private static String start(DatasetId dataset, SiteId site) {
        return FORMAT + " " + dataset + " " + site;
    }

    private static String check(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }

    private Path folder() {
        return context.senderFolder().resolve("verified");
    }

    private Path file(DatasetId dataset, SiteId site, String kind) {
        return folder().resolve(dataset + "-" + site + "." + kind);
    }
}
