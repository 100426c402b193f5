package sago.receiver.cli;

import picocli.CommandLine.Command;
import sago.common.cli.AboutCommand;

/** {@code version} of a site. */
@Command(
        name = "version",
        description = "Print the version, the Java runtime, and the versions of formats and protocol.",
        footer = {"", "Example:  sago receiver version --json"})
final class VersionCommand extends AboutCommand {}
