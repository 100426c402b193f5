package sago.common.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sago.common.pack.PackHeader;
import sago.common.protocol.ProtocolVersion;

/** {@code version} of both nodes: what runs here, and which formats and protocol it speaks. */
public abstract class AboutCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What a node adds to the line. */
    protected String more() {
        return "";
    }

    /** The same for programs. */
    protected void more(JsonFields fields) {}

    @Override
    public final Integer call() {
        Output output = OutputOwner.outputOf(spec);
        String version = Objects.requireNonNullElse(
                AboutCommand.class.getPackage().getImplementationVersion(), "(not packaged)");
        String java = System.getProperty("java.version");
        output.line("sago " + version + ", Java " + java + " on " + System.getProperty("os.arch") + more());
        output.message(MessageType.SUMMARY, fields -> {
            fields.put("version", version)
                    .put("java", java)
                    .put("java_vendor", System.getProperty("java.vendor"))
                    .put("os", System.getProperty("os.name"))
                    .put("arch", System.getProperty("os.arch"))
                    .put("format", PackHeader.FORMAT)
                    .put("protocol", ProtocolVersion.CURRENT)
                    .put("json", JsonLines.VERSION);
            more(fields);
        });
        return ExitCodes.OK;
    }
}
