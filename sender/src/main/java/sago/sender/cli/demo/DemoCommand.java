package sago.sender.cli.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.OutputOwner;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.KernelRandom;
import sago.common.time.Clock;

/** {@code sago demo}. Main thread. */
@Command(
        name = "demo",
        description = {
            "Show the whole circle on this machine: vault, receiver, backup, verify, restore, compare.",
            "Real processes in a temporary folder that is removed at the end; nothing else is changed."
        },
        footer = {"", "Example:  sago demo ~/Documents"})
public final class DemoCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description = "What to back up; without it a folder of this machine.")
    private @Nullable Path path;

    @Option(names = "--keep", description = "Keep the temporary folder, and say where it is.")
    private boolean keep;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        String launcher = System.getenv("SAGO_LAUNCHER");
        if (launcher == null) {
            throw new FaultException(Fault.USAGE, "the demo runs sago as processes: start it as bin/sago demo");
        }
        Output output = OutputOwner.outputOf(spec);
        PrintStream stream = output.json() ? output.err() : output.out(); // what it says on the way is for people
        DemoSource source = path == null ? DemoSource.ofMachine() : DemoSource.of(path);
        try (DemoFolder folder = DemoFolder.create(keep, KernelRandom.create().nextLong())) {
            Thread cleaner = new Thread(() -> removeQuietly(folder), "demo-cleaner");
            Runtime.getRuntime().addShutdownHook(cleaner);
            boolean good = new DemoRun(folder, source, Path.of(launcher), Clock.system(), stream).run();
            if (keep) {
                output.line("kept: " + folder.root());
            }
            output.message(
                    MessageType.SUMMARY,
                    fields -> fields.put("good", good)
                            .putIfAny("folder_kept", keep ? folder.root().toString() : null));
            return good ? 0 : Fault.INTEGRITY.exitCode();
        }
    }

    /** After Ctrl-C; the normal end has removed it already. */
    private static void removeQuietly(DemoFolder folder) {
        try {
            folder.close();
        } catch (java.io.IOException e) {
            System.err.println("sago: could not remove " + folder.root() + ": " + e.getMessage());
        }
    }
}
