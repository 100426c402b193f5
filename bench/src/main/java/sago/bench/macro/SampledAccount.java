package sago.bench.macro;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An account from /proc where no control group can be made: a process with the children that it waited for, and its living descendants. It has to be
 * asked often; what a process did after the last question is missing, and so is a descendant that nobody of the group waited for. Guarded by itself.
 */
final class SampledAccount implements Account {
    private final Map<ProcessHandle, Double> roots = new HashMap<>();

    @Override
    public List<String> prefix() {
        return List.of();
    }

    @Override
    public synchronized Collection<Long> living() {
        return roots.keySet().stream()
                .flatMap(SampledAccount::family)
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public synchronized double cpuS() {
        // A child's time is its own until its parent waits for it, then its parent's: the sum never falls as long as
        // the root lives.
        roots.replaceAll((root, before) -> Math.max(
                before,
                family(root)
                        .mapToDouble(process -> ProcessTable.cpuS(process.pid()).orElse(0.0))
                        .sum()));
        return roots.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    @Override
    public synchronized void started(long pid) {
        ProcessHandle.of(pid).ifPresent(root -> roots.put(root, 0.0));
    }

    @Override
    public void close() {
        // Nothing was made.
    }

    private static Stream<ProcessHandle> family(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants()).filter(ProcessHandle::isAlive);
    }
}
