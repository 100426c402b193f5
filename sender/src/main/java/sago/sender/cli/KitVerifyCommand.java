package sago.sender.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sago.common.sign.Fingerprint;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.KitCheck;

/** {@code sago kit verify}: whether a kit is sound and the right one. */
@Command(
        name = "verify",
        description = {
            "Check the 24 words of a kit, and that they are the kit of the home here, if there is one. Needs no passphrase.",
            "FILE is a copy that is typed in for this; delete it afterwards."
        },
        footer = {"", "Example:  sago kit verify /dev/shm/kit --home /srv/home"})
final class KitVerifyCommand extends HomeCommand {
    @Parameters(paramLabel = "FILE", description = "The words, numbered or not.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws IOException {
        HomeContext context = context();
        try (Kit kit = PassphraseOptions.readKit(file)) {
            say("words     sound: 24 words of the list, and their checksum is right");
            if (!context.hasVault() && !context.hasSender()) {
                summary(fields -> fields.put("sound", true).put("proved", false));
                say("unproved  whose kit it is: there is no home at " + homeFolder());
                next("sago kit verify " + file + " --home H, where the home is");
                return 0;
            }
            KitCheck check = KitCheck.of(context, kit);
            say("home      " + Fingerprint.words(check.home().fingerprint()) + ": this kit made its anchor"
                    + (check.opensVault() ? " and opens its vault" : ""));
            summary(fields -> fields.put("sound", true)
                    .put("proved", true)
                    .put("identity", Fingerprint.words(check.home().fingerprint()))
                    .put("opens_vault", check.opensVault())
                    .put("keyring", check.keyringCounter()));
            say("keyring   " + check.keyringCounter() + ", the newest here: this kit opens it");
            say("unproved  that the sites have this keyring, and that nobody else has these words");
        }
        next("delete " + file + ", then sago verify" + homeFlag());
        return 0;
    }
}
