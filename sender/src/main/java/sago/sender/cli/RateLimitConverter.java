package sago.sender.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.sender.upload.RateLimit;

/** Reads a rate or a timetable. Stateless. */
final class RateLimitConverter implements ITypeConverter<RateLimit> {
    @Override
    public RateLimit convert(String value) {
        try {
            return RateLimit.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** The same for what is no option. */
    static RateLimit limit(String value) throws FaultException {
        try {
            return RateLimit.parse(value);
        } catch (IllegalArgumentException e) {
            throw new FaultException(Fault.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
