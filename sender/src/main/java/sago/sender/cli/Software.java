package sago.sender.cli;

import java.util.Objects;

/** Name and version of this program, as the build wrote it into the jar. */
final class Software {
    static final String NAME = "sago "
            + Objects.requireNonNullElse(Software.class.getPackage().getImplementationVersion(), "(not packaged)");

    private Software() {}
}
