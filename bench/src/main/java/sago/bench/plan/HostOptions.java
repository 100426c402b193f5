package sago.bench.plan;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import sago.bench.result.ResultFiles;

/** What a user says of the hosts, or has measured of them. */
final class HostOptions {
    private static final double MB = 1e6;

    @Option(names = "--ladder", paramLabel = "FILE", description = "A result of sago bench ladder on a host like home.")
    private @Nullable Path ladder;

    @Option(
            names = "--like",
            paramLabel = "NAME",
            description = "The ladder's data that is like yours (default: tree, else the first).")
    private @Nullable String like;

    @Option(
            names = "--stored-share",
            paramLabel = "SHARE",
            description = "Bytes stored for each byte of plaintext, for example 0.42.")
    private @Nullable Double storedShare;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "That Sago may use at home (default: those of this host).")
    private @Nullable Integer cores;

    @Option(
            names = "--site-cores",
            paramLabel = "N",
            description = "That Sago may use at the site (default: as at home).")
    private @Nullable Integer siteCores;

    @Option(
            names = "--home-disk",
            paramLabel = "MB/S",
            description =
                    "That the disk at home reads and writes (default: that of --work, measured; without it no limit).")
    private @Nullable Double homeDisk;

    @Option(
            names = "--site-disk",
            paramLabel = "MB/S",
            description =
                    "That the disk at the site writes and reads (default: that of --work, measured; without it no limit).")
    private @Nullable Double siteDisk;

    /** @param measured the disk of this host, for an end of which the user says nothing */
    Environment environment(LinkModel link, DiskModel measured) {
        int home = cores != null ? cores : Runtime.getRuntime().availableProcessors();
        return new Environment(
                home,
                siteCores != null ? siteCores : home,
                false,
                link,
                disk(homeDisk, measured),
                disk(siteDisk, measured));
    }

    /** The disk of a site on this host. */
    DiskModel siteDisk(DiskModel measured) {
        return disk(siteDisk, measured);
    }

    /** Whether the user leaves a disk to be measured. */
    boolean asksForDisks() {
        return homeDisk == null || siteDisk == null;
    }

    private static DiskModel disk(@Nullable Double mbPerS, DiskModel measured) {
        if (mbPerS == null) {
            return measured;
        }
        if (!(mbPerS > 0)) {
            throw new IllegalArgumentException("--home-disk and --site-disk must be more than 0 MB/s");
        }
        return DiskModel.given(Range.exactly(mbPerS * MB).atLeast(Assumed.SPREAD_MIN));
    }

    /** From a ladder; null where none is named. */
    @Nullable
    HostModel ladder() throws IOException {
        return ladder == null ? null : storing(new LadderReader(ResultFiles.read(ladder), like).read());
    }

    /** What the user knows better than the measurement. */
    HostModel storing(HostModel measured) {
        return storedShare == null ? measured : measured.storing(storedShare);
    }
}
