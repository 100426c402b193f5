package sago.sender.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sago.common.durable.DurableFiles;

/**
 * An SQLite file that is made anew beside the one in use and takes its place when it is complete. What a crash leaves is begun again. Used
 * by one thread, while nobody has either file open.
 */
final class FreshDatabase {
    private static final String FRESH = ".rebuild";
    private static final String DAMAGED = ".damaged";
    private static final String LOG = "-wal";
    private static final List<String> BESIDE = List.of(LOG, "-shm");

    private final DurableFiles files;
    private final Path target;
    private final Path fresh;

    FreshDatabase(DurableFiles files, Path target) {
        this.files = files;
        this.target = target;
        this.fresh = beside(target, FRESH);
    }

    /** Where to write; nothing is there after this. */
    Path begin() throws IOException {
        for (String suffix : BESIDE) {
            files.delete(beside(fresh, suffix));
        }
        files.delete(fresh);
        return fresh;
    }

    /**
     * Puts the fresh file, which was closed, in the place of the old one.
     *
     * @param keepOld whether the old one is damaged and stays as {@code .damaged} for whoever wants to look
     */
    void publish(boolean keepOld) throws IOException {
        if (keepOld && files.exists(target)) {
            Path kept = beside(target, DAMAGED);
            files.delete(beside(kept, LOG));
            if (files.exists(beside(target, LOG))) {
                files.move(beside(target, LOG), beside(kept, LOG));
            }
            files.move(target, kept);
        }
        // A log of the old file would be played into the new one.
        for (String suffix : BESIDE) {
            files.delete(beside(target, suffix));
        }
        files.move(fresh, target);
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
