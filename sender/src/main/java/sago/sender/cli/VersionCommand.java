package sago.sender.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import sago.sender.seal.AeadProviders;

/** {@code sago version}. */
@Command(
        name = "version",
        description = "Print the version, the Java runtime and the cipher that was chosen.",
        footer = {"", "Example:  sago version"})
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(
                Software.NAME + ", Java " + System.getProperty("java.version") + " on " + System.getProperty("os.arch")
                        + ", AES-256-GCM by " + AeadProviders.choose().name());
        return 0;
    }
}
