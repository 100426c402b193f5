package sago.sender.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sago.common.limits.Limits;
import sago.sender.upload.Streams;

/** Reads a number of connections, or {@code auto}. Stateless. */
final class StreamsConverter implements ITypeConverter<Streams> {
    @Override
    public Streams convert(String value) {
        if (value.equals("auto")) {
            return Streams.AUTO;
        }
        try {
            return Streams.of(Integer.parseInt(value));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "' is neither auto nor a number of connections from 1 to "
                    + Limits.CONNECTIONS_PER_SESSION_MAX);
        }
    }
}
