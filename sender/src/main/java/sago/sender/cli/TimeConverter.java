package sago.sender.cli;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 2026-11-22 03:00:00} in local time, as milliseconds since the epoch. Stateless. */
final class TimeConverter implements ITypeConverter<Long> {
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    @Override
    public Long convert(String value) {
        try {
            return LocalDateTime.parse(value, WRITTEN)
                    .atZone(ZoneId.systemDefault())
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + value + "' is no time: write '2026-11-22 03:00:00'");
        }
    }
}
