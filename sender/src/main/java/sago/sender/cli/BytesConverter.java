package sago.sender.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500M} and the like as bytes: K, M, G and T are powers of 1,024. Stateless. */
final class BytesConverter implements ITypeConverter<Long> {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,6})([KMGT]?)");
    private static final String UNITS = "KMGT";
    private static final int BITS_PER_UNIT = 10;

    @Override
    public Long convert(String value) {
        Matcher written = WRITTEN.matcher(value);
        if (!written.matches()) {
            throw new TypeConversionException("'" + value + "' is no number of bytes: write 0, 500M or 2G");
        }
        int unit = written.group(2).isEmpty() ? 0 : UNITS.indexOf(written.group(2)) + 1;
        return Long.parseLong(written.group(1)) << (BITS_PER_UNIT * unit);
    }
}
