package sago.sender.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import sago.common.durable.FileAccess;
import sago.common.id.DatasetId;
import sago.common.id.SiteId;
import sago.sender.keys.HomeContext;

/**
 * When a dataset at a site was last verified without a finding: one small text file each, {@code sender/verified/<dataset>-<site>}, for
 * {@code status} to print. Nothing else depends on it, so a damaged one counts as none. Confined to one thread.
 */
public final class VerifyMarks {
    private static final int BYTES_MAX = 256;

    private final HomeContext context;

    public VerifyMarks(HomeContext context) {
        this.context = context;
    }

    /**
     * A verification.
     *
     * @param sequence of the newest snapshot then
     * @param dataPercent of the data that was downloaded and opened too
     */
    public record Mark(long atMs, long sequence, int dataPercent) {}

    public void write(DatasetId dataset, SiteId site, Mark mark) throws IOException {
        context.files().createFolders(folder(), FileAccess.PRIVATE);
        String text = "1 " + mark.atMs + " " + mark.sequence + " " + mark.dataPercent + "\n";
        context.files().atomicWrite(file(dataset, site), text.getBytes(StandardCharsets.US_ASCII));
    }

    public Optional<Mark> read(DatasetId dataset, SiteId site) throws IOException {
        try {
            byte[] bytes = context.files().read(file(dataset, site), BYTES_MAX);
            String[] words =
                    new String(bytes, StandardCharsets.US_ASCII).strip().split(" ", -1);
            if (words.length == 4 && words[0].equals("1")) {
                return Optional.of(
                        new Mark(Long.parseLong(words[1]), Long.parseLong(words[2]), Integer.parseInt(words[3])));
            }
            return Optional.empty();
        } catch (NoSuchFileException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private Path folder() {
        return context.senderFolder().resolve("verified");
    }

    private Path file(DatasetId dataset, SiteId site) {
        return folder().resolve(dataset + "-" + site);
    }
}
