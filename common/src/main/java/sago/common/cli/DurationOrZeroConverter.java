package sago.common.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** As {@link DurationConverter}, where no time at all has a meaning too: {@code 0} or {@code 0s}. Stateless. */
public final class DurationOrZeroConverter implements ITypeConverter<Long> {
    private final DurationConverter positive = new DurationConverter();

    @Override
    public Long convert(String value) {
        if (value.matches("0[smhd]?")) {
            return 0L;
        }
        try {
            return positive.convert(value);
        } catch (TypeConversionException e) {
            throw new TypeConversionException(e.getMessage() + ", or 0 for none");
        }
    }
}
