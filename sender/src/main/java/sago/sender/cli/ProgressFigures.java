package sago.sender.cli;

/**
 * A long command at one moment.
 *
 * @param doneBytes of the source, read or found unchanged; of the restore, written
 * @param totalBytes 0 while unknown
 * @param limit what holds it back now, for example {@code cpu}; may be empty
 * @param aside anything else worth a few words; may be empty
 */
record ProgressFigures(long doneBytes, long totalBytes, long files, String limit, String aside) {}
