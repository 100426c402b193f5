package sago.sender.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sago.common.cli.DurationConverter;
import sago.sender.node.BackupJob;
import sago.sender.upload.RateLimit;
import sago.sender.upload.Streams;
import sago.sender.upload.UploadPlan;

/** How far a backup may go: in waiting, in sending, in storing anew. */
final class BoundOptions {
    @Option(
            names = "--give-up-after",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = {
                "Wait so long for a site that is away or full, or for room on the home disk: 30s, 10m, 2h, 1d.",
                "Then exit 20. Default: for ever, once the site was reached."
            })
    private long giveUpAfterNs = UploadPlan.NEVER_NS;

    @Option(
            names = "--limit",
            paramLabel = "RATE|TIMETABLE",
            converter = RateLimitConverter.class,
            description = {
                "Bytes per second that are sent: 50M, off, or '08:00,10M 19:00,off' in local time.",
                "`sago limit` changes it while the backup runs, and comes before this. Default: off."
            })
    private RateLimit limit = RateLimit.OFF;

    @Option(
            names = "--streams",
            paramLabel = "N|auto",
            converter = StreamsConverter.class,
            description = {
                "Connections to the site. auto: what the round trip asks for at first, then twice as many as long as",
                "that makes it faster. Default: auto."
            })
    private Streams streams = Streams.AUTO;

    @Mixin
    private final RepackOption repack = new RepackOption();

    BackupJob.Bounds bounds() {
        return new BackupJob.Bounds(giveUpAfterNs, limit, streams, repack.bytes());
    }
}
