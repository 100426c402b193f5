package sago.sender.cli;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sago.common.cli.JsonFields;

/**
 * A long command at one moment.
 *
 * @param doneBytes of the source, read or found unchanged; of the restore, written
 * @param totalBytes 0 while unknown
 * @param limit what holds it back now, for example {@code cpu}; may be empty
 * @param aside anything else worth a few words; may be empty
 * @param standstill what it waits for instead of going on; null while it works
 * @param more further members of the status that programs read
 */
record ProgressFigures(
        long doneBytes,
        long totalBytes,
        long files,
        String limit,
        String aside,
        @Nullable Standstill standstill,
        Consumer<JsonFields> more) {
    ProgressFigures(
            long doneBytes, long totalBytes, long files, String limit, String aside, @Nullable Standstill standstill) {
        this(doneBytes, totalBytes, files, limit, aside, standstill, fields -> {});
    }

    ProgressFigures(long doneBytes, long totalBytes, long files, String limit, String aside) {
        this(doneBytes, totalBytes, files, limit, aside, null);
    }

    /** The same, with further members of the status that programs read. */
    ProgressFigures with(Consumer<JsonFields> members) {
        return new ProgressFigures(doneBytes, totalBytes, files, limit, aside, standstill, members);
    }

    /**
     * @param what is amiss, for example {@code sg away}
     * @param text the same at length
     * @param forNs how long it has lasted
     */
    record Standstill(String what, String text, long forNs) {}
}
