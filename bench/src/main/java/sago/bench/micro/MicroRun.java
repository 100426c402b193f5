package sago.bench.micro;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of a step, each in a process of its own, and reads JMH's results. */
final class MicroRun {
    private static final double MIB = 1 << 20;
    private static final String GC_BYTES_PER_OPERATION = "gc.alloc.rate.norm";
    private static final String OWN_BYTES_PER_S = "allocatedBytes";

    /** As {@code bin/sago} starts a sender. */
    private static final String[] FLAGS = {
        "-Xms64m",
        "-Xmx224m",
        "-XX:MaxDirectMemorySize=288m",
        "-XX:+UseParallelGC",
        "-Dio.netty.maxDirectMemory=0",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true",
        "-Dchronicle.disk.monitor.disable=true",
        "-Dchronicle.announcer.disable=true"
    };

    /**
     * How long to measure.
     *
     * @param quick a look rather than a figure
     * @param allocation whether JMH counts it
     * @param entries of the index
     * @param work where scratch files go
     */
    record Settings(boolean quick, boolean allocation, int entries, Path work) {
        int warmups() {
            return quick ? 1 : 3;
        }

        int iterations() {
            return quick ? 2 : 5;
        }

        TimeValue time() {
            return TimeValue.milliseconds(quick ? 300 : 1000);
        }
    }

    private final Settings settings;

    MicroRun(Settings settings) {
        this.settings = settings;
    }

    /** All variants of a step under all its parameters. */
    List<Reading> run(Step step) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(step.benchmarks().getName()) + "\\.")
                .forks(1)
                .warmupIterations(settings.warmups())
                .warmupTime(settings.time())
                .measurementIterations(settings.iterations())
                .measurementTime(settings.time())
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs(FLAGS)
                .jvmArgsAppend("-Djava.io.tmpdir=" + settings.work());
        switch (step) {
            case SEAL, OPEN -> options.param("provider", Ciphers.names().toArray(new String[0]));
            case INDEX -> options.param("entries", Integer.toString(settings.entries()));
            default -> {}
        }
        if (settings.allocation()) {
            options.addProfiler(GCProfiler.class);
        }
        return readings(step, new Runner(options.build()).run());
    }

    private static List<Reading> readings(Step step, Collection<RunResult> results) {
        List<Reading> readings = new ArrayList<>();
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            String variant = benchmark.substring(benchmark.lastIndexOf('.') + 1);
            SortedMap<String, String> parameters = new TreeMap<>();
            for (String name : result.getParams().getParamsKeys()) {
                parameters.put(name, result.getParams().getParam(name));
            }
            int number = 0;
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    double perS = iteration.getPrimaryResult().getScore();
                    readings.add(new Reading(
                            step,
                            variant,
                            parameters,
                            ++number,
                            step.unit().score(perS),
                            step.unit() == Step.Unit.BYTES ? allocation(iteration, perS) : OptionalDouble.empty()));
                }
            }
        }
        return readings;
    }

    /** One operation is one byte: what JMH counts for each operation, or the step itself for each second. */
    private static OptionalDouble allocation(IterationResult iteration, double operationsPerS) {
        Result<?> own = iteration.getSecondaryResults().get(OWN_BYTES_PER_S);
        if (own != null) {
            return OptionalDouble.of(own.getScore() / operationsPerS * MIB);
        }
        Result<?> counted = iteration.getSecondaryResults().get(GC_BYTES_PER_OPERATION);
        return counted == null ? OptionalDouble.empty() : OptionalDouble.of(counted.getScore() * MIB);
    }
}
