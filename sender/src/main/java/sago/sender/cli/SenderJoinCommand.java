package sago.sender.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.Fingerprint;
import sago.sender.keys.HomeContext;
import sago.sender.keys.JoinedSender;
import sago.sender.keys.SenderJoin;
import sago.sender.node.SenderState;

/** {@code sago sender join}: makes a host the sender that its file says. */
@Command(
        name = "join",
        description = {
            "Make this host a sender, from the file that `sago sender add` wrote where the vault is.",
            "Compare the four words of home with those that `sago sender add` printed, over another channel than FILE came by."
        },
        footer = {"", "Example:  sago sender join web1.sender --home /srv/sago"})
final class SenderJoinCommand extends HomeCommand {
    @Parameters(paramLabel = "FILE", description = "What `sago sender add --out FILE` wrote.")
    private Path file = Path.of("");

    @Option(names = "--yes", description = "The words were compared already: do not ask.")
    private boolean yes;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "What `sago sender rebuild --out DIR` wrote: the first backup is then incremental.")
    private @Nullable Path state;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ByteString bundle = SenderJoin.read(file);
        HomeContext context = context();
        JoinedSender sender = SenderJoin.check(context, bundle).sender();
        say("home      " + Fingerprint.words(sender.home().fingerprint()));
        say("sender    " + sender.name() + (sender.update() ? ", known here: it gets the new keys" : ""));
        say("datasets  " + String.join(", ", sender.datasets()));
        say("sites     " + String.join(", ", sender.sites()));
        confirm();
        context.files().createFolders(homeFolder(), FileAccess.PRIVATE);
        Path folder = state;
        locked(context, () -> {
            if (folder != null) {
                SenderState.requireUsable(context, folder);
            }
            JoinedSender joined = SenderJoin.join(context, bundle);
            if (folder != null) {
                SenderState.adopt(context, folder);
            }
            return joined;
        });
        summary(fields -> fields.put("sender", sender.name())
                .put("home", Fingerprint.words(sender.home().fingerprint()))
                .put("folder", homeFolder().toString())
                .put("update", sender.update())
                .list("datasets", sender.datasets())
                .list("sites", sender.sites()));
        say("joined    " + homeFolder() + ": delete " + file + " now, here and where it came from");
        next("sago backup --dataset " + sender.datasets().get(0) + " PATH" + homeFlag());
        return 0;
    }

    private void confirm() throws FaultException {
        if (yes) {
            return;
        }
        if (output().json() || !sago().terminal().isPresent()) {
            throw new FaultException(
                    Fault.USAGE,
                    "compare the words of home with those that `sago sender add` printed, then run the same command"
                            + " with --yes");
        }
        if (!sago().terminal().askYes("Same words at home?")) {
            throw new FaultException(
                    Fault.PEER_REFUSED, "not joined: if the words differ, this file is not what your home made");
        }
    }
}
