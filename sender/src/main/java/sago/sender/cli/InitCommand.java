package sago.sender.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;
import sago.common.sign.Fingerprint;
import sago.sender.keys.HomeContext;
import sago.sender.keys.Kit;
import sago.sender.keys.SlotCost;
import sago.sender.keys.Vault;

/** {@code sago init}: a new vault. The kit is shown before anything is made with it. */
@Command(
        name = "init",
        description = {
            "Make a new home: vault, recovery kit, sender.",
            "The kit, 24 words, is shown once. Keep it offline: whoever has it reads everything, and it restores everything."
        },
        footer = {"", "Example:  sago init --home /srv/home --passphrase-file /root/passphrase --kit-out /media/usb/kit"
        })
final class InitCommand extends HomeCommand {
    private static final int WORDS_PER_LINE = 6;
    private static final int TRIES_MAX = 5;

    @Option(
            names = "--kit-out",
            paramLabel = "FILE",
            description = "Write the kit to FILE, readable by its owner only, instead of showing it.")
    private @Nullable Path kitOut;

    @Override
    public Integer call() throws IOException, InterruptedException {
        HomeContext context = context();
        if (context.hasVault()) {
            throw new FaultException(
                    Fault.USAGE, "there is a vault at " + homeFolder() + " already: take another --home");
        }
        if (kitOut != null && Files.exists(kitOut)) {
            throw new FaultException(Fault.USAGE, kitOut + " exists already: a kit never overwrites a file");
        }
        if (output().json() && kitOut == null) {
            throw new FaultException(
                    Fault.USAGE,
                    "name a file for the kit with --kit-out: its words do not belong into what programs log");
        }
        try (SecretBytes secret = passphrase().newPassphrase(sago().environment(), sago().terminal());
                Kit kit = Kit.generate(sago().random())) {
            hand(kit);
            context.files().createFolders(homeFolder(), FileAccess.PRIVATE);
            locked(context, () -> create(context, kit, secret));
        }
        next("at a site, sago receiver init; then here, sago site add REQUEST --address HOST:PORT" + homeFlag());
        return 0;
    }

    private boolean create(HomeContext context, Kit kit, SecretBytes secret) throws IOException {
        try (Vault vault = Vault.create(context, kit, secret, SlotCost.DEFAULT)) {
            String identity = Fingerprint.words(vault.identity().fingerprint());
            say("home      " + identity + " at " + homeFolder());
            summary(fields -> fields.put("home", homeFolder().toString())
                    .put("identity", identity)
                    .putIfAny("kit_file", kitOut == null ? null : kitOut.toString()));
        }
        return true;
    }

    private void hand(Kit kit) throws IOException {
        List<String> words = kit.words();
        if (kitOut != null) {
            byte[] text = (lines(words, false) + "\n").getBytes(StandardCharsets.UTF_8);
            sago().files().atomicWrite(kitOut.toAbsolutePath(), text, FileAccess.PRIVATE);
            say("kit       written to " + kitOut + ": move it off this machine");
            return;
        }
        say("The recovery kit. Write it down now, it is not shown again:\n\n" + lines(words, true) + "\n");
        if (sago().terminal().isPresent()) {
            askBack(words);
        }
    }

    private void askBack(List<String> words) throws FaultException {
        int index = sago().random().nextInt(words.size());
        String question = "Type word " + (index + 1) + " of the kit: ";
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            if (sago().terminal().ask(question).toLowerCase(Locale.ROOT).equals(words.get(index))) {
                return;
            }
            sago().err().println("That is not word " + (index + 1) + ". Look at what you wrote down.");
        }
        throw new FaultException(Fault.WRONG_KEY, "the kit was not written down: nothing was made, run it again");
    }

    private static String lines(List<String> words, boolean numbered) {
        return IntStream.range(0, words.size() / WORDS_PER_LINE)
                .mapToObj(line -> IntStream.range(line * WORDS_PER_LINE, (line + 1) * WORDS_PER_LINE)
                        .mapToObj(i ->
                                numbered ? String.format(Locale.ROOT, "%2d %-9s", i + 1, words.get(i)) : words.get(i))
                        .collect(Collectors.joining(" "))
                        .stripTrailing())
                .collect(Collectors.joining("\n"));
    }
}
