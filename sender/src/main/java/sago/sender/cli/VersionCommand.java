package sago.sender.cli;

import picocli.CommandLine.Command;
import sago.common.cli.AboutCommand;
import sago.common.cli.JsonFields;
import sago.sender.seal.AeadProviders;

/** {@code sago version}. */
@Command(
        name = "version",
        description =
                "Print the version, the Java runtime, the versions of formats and protocol, and the cipher that was chosen.",
        footer = {"", "Example:  sago version --json"})
final class VersionCommand extends AboutCommand {
    @Override
    protected String more() {
        return ", AES-256-GCM by " + cipherProvider();
    }

    @Override
    protected void more(JsonFields fields) {
        fields.put("cipher", "AES-256-GCM").put("cipher_provider", cipherProvider());
    }

    /** Found out when asked: it loads native code. */
    private static String cipherProvider() {
        return AeadProviders.choose().name();
    }
}
