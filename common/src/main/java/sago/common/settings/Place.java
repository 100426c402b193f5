package sago.common.settings;

import java.nio.file.Path;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Where something stands in a file; line and column count from 1. Immutable. */
public record Place(Path file, int line, int column) {
    /** USAGE, with this place before what is wrong. */
    FaultException fault(String message) {
        return new FaultException(Fault.USAGE, this + ": " + message);
    }

    /** As editors and compilers write it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
