package sago.common.cli;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 30s}, {@code 10m}, {@code 2h} and {@code 1d}, as nanoseconds. Stateless. */
public final class DurationConverter implements ITypeConverter<Long> {
    private static final Pattern WRITTEN = Pattern.compile("([1-9][0-9]{0,5})([smhd])");

    @Override
    public Long convert(String value) {
        Matcher written = WRITTEN.matcher(value);
        if (!written.matches()) {
            throw new TypeConversionException("'" + value + "' is no duration: write 30s, 10m, 2h or 1d");
        }
        TimeUnit unit = switch (written.group(2)) {
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        // A million days are more than a long holds in nanoseconds: toNanos then gives its largest, which is never.
        return unit.toNanos(Long.parseLong(written.group(1)));
    }
}
