package sago.bench.micro;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The steps of the data path, each with a class of benchmarks, and which of them is the reference of which. */
enum Step {
    READ(ReadStep.class, Unit.BYTES, Map.of("heap", "dd", "direct", "dd")),
    CHUNK(ChunkStep.class, Unit.BYTES, Map.of("fastcdc", "plain", "plain", "copy")),
    ID(ChunkIdStep.class, Unit.BYTES, Map.of("hmac", "sha256")),
    COMPRESS(CompressStep.class, Unit.BYTES, Map.of("senderLz4", "lz4", "senderZstd", "zstd", "zstd", "lz4")),
    SEAL(SealStep.class, Unit.BYTES, Map.of("floe", "cipher")),
    OPEN(OpenStep.class, Unit.BYTES, Map.of("floe", "cipher")),
    MERKLE(MerkleStep.class, Unit.BYTES, Map.of("merkle", "sha256")),
    PACK(PackStep.class, Unit.BYTES, Map.of("builder", "parts")),
    FRAME(FrameStep.class, Unit.BYTES, Map.of("frames", "checksums")),
    TLS(TlsStep.class, Unit.BYTES, Map.of("tcnative", "jdk")),
    STORE(StoreStep.class, Unit.BYTES, Map.of("durable", "plain", "site", "plain")),
    INDEX(IndexStep.class, Unit.CHUNKS, Map.of("absent", "memory", "present", "memory", "insert", "memory")),
    PATH(PathStep.class, Unit.BYTES, Map.of("worker1", "pieces", "worker2", "worker1"));

    /** What a benchmark counts as one operation. */
    enum Unit {
        BYTES("GB/s", 1e9),
        CHUNKS("chunks/s", 1);

        private final String text;
        private final double operations;

        Unit(String text, double operations) {
            this.text = text;
            this.operations = operations;
        }

        String text() {
            return text;
        }

        /** Of operations per second, as JMH counts them. */
        double score(double operationsPerS) {
            return operationsPerS / operations;
        }
    }

    private final Class<?> benchmarks;
    private final Unit unit;

    @SuppressWarnings("ImmutableEnumChecker") // Map.of gives one that nobody can change.
    private final Map<String, String> references;

    Step(Class<?> benchmarks, Unit unit, Map<String, String> references) {
        this.benchmarks = benchmarks;
        this.unit = unit;
        this.references = references;
    }

    /** As the command line and result files name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Class<?> benchmarks() {
        return benchmarks;
    }

    Unit unit() {
        return unit;
    }

    /** The variant that this one is compared with; itself, if it is compared with none. */
    String reference(String variant) {
        return references.getOrDefault(variant, variant);
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Step::label).toList();
    }
}
