package sago.bench.macro;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One command line, ready to be started, with what its environment has beside the usual. Immutable. */
record Invocation(List<String> command, Map<String, String> environment, Path folder) {
    Invocation {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
