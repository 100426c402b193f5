package sago.sender.cli;

import picocli.CommandLine.Option;
import sago.sender.backup.BackupMeans;

/** {@code --repack-limit}: how much a backup may move to give space back. */
final class RepackOption {
    @Option(
            names = "--repack-limit",
            paramLabel = "BYTES",
            converter = BytesConverter.class,
            description = {
                "Of packs less than half alive store at most so many bytes anew: 500M, 2G; 0: none. Default: 1G.",
                "Their files are read again. The space comes back when older snapshots have expired."
            })
    private long bytes = BackupMeans.REPACK_BYTES;

    long bytes() {
        return bytes;
    }
}
