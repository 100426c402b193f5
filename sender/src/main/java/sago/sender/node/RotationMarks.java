package sago.sender.node;

import java.io.IOException;
import java.nio.file.Path;
import sago.common.durable.FileAccess;
import sago.common.id.DatasetId;
import sago.sender.keys.HomeContext;

/**
 * Which datasets are rotating, for {@code status}, which does not open the vault: an empty file {@code sender/rotating/<dataset>} each. The vault alone
 * decides; nothing else depends on these. Confined to one thread.
 */
public final class RotationMarks {
    private final HomeContext context;

    public RotationMarks(HomeContext context) {
        this.context = context;
    }

    void begun(DatasetId dataset) throws IOException {
        context.files().createFolders(folder(), FileAccess.PRIVATE);
        context.files().atomicWrite(file(dataset), new byte[0]);
    }

    void ended(DatasetId dataset) throws IOException {
        context.files().delete(file(dataset));
    }

    public boolean isRotating(DatasetId dataset) {
        return context.files().exists(file(dataset));
    }

    private Path folder() {
        return context.senderFolder().resolve("rotating");
    }

    private Path file(DatasetId dataset) {
        return folder().resolve(dataset.toString());
    }
}
