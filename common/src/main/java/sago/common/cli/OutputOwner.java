package sago.common.cli;

import picocli.CommandLine.Model.CommandSpec;

/** The root of a program's commands, which has the output of all of them. */
public interface OutputOwner {
    Output output();

    /** The output of the program that a command belongs to. */
    static Output outputOf(CommandSpec command) {
        return ((OutputOwner) command.root().userObject()).output();
    }
}
