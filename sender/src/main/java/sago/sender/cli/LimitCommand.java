package sago.sender.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sago.sender.keys.HomeContext;
import sago.sender.node.LimitFile;
import sago.sender.upload.RateLimit;

/** {@code sago limit}: the rate of the backups of a home, changed while they run. */
@Command(
        name = "limit",
        description = {
            "Limit how many bytes per second backups of this home send, those that run too, within two seconds.",
            "RATE is 50M (K, M, G: powers of 1,024; a bare number counts KiB) or off. A timetable is 08:00,10M 19:00,off or",
            "Mon-08:00,10M Sat-00:00,off, in local time. It holds until `sago limit default`: then each backup goes by its own --limit.",
            "Without an argument: shows it."
        },
        footer = {"", "Example:  sago limit 08:00,10M 19:00,off"})
final class LimitCommand extends HomeCommand {
    private static final String DEFAULT = "default";

    @Parameters(
            arity = "0..*",
            paramLabel = "RATE|TIMETABLE|off|default",
            description = "The new limit. A timetable may be one argument or several.")
    private String @Nullable [] words;

    @Override
    public Integer call() throws IOException {
        HomeContext context = context();
        requireHome(context);
        LimitFile file = new LimitFile(context);
        String text = words == null ? "" : String.join(" ", words).strip();
        if (text.equals(DEFAULT)) {
            file.delete();
        } else if (!text.isEmpty()) {
            file.write(RateLimitConverter.limit(text));
        }
        say("limit " + file.read().map(RateLimit::toString).orElse("default: what each backup was started with"));
        next("sago status" + homeFlag());
        return 0;
    }
}
