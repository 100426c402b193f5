package sago.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** Bytes for the steps, the same at every run. */
final class Corpus {
    /** What one call of a benchmark goes through: more than the nearest caches hold, little enough for the heap of a sender. */
    static final int BYTES = 8 << 20;

    /** Chunks of the length that a sender cuts on average. */
    static final int CHUNK_BYTES = 1 << 20;

    private static final String[] LEVELS = {"INFO ", "INFO ", "INFO ", "WARN ", "DEBUG"};
    private static final String[] PATHS = {"orders", "cart", "login", "search", "stock", "images", "metrics"};

    private Corpus() {}

    /** Bytes that nothing compresses. */
    static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(noise);
        return noise;
    }

    /** Lines of a server's log, of which LZ4 leaves about two fifths. */
    static byte[] logs(int bytes) {
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] logs = new byte[bytes];
        long timeMs = 1_700_000_000_000L;
        for (int at = 0; at < bytes; ) {
            timeMs += random.nextInt(50);
            byte[] line = line(random, timeMs).getBytes(StandardCharsets.US_ASCII);
            int part = Math.min(line.length, bytes - at);
            System.arraycopy(line, 0, logs, at, part);
            at += part;
        }
        return logs;
    }

    private static String line(SplittableRandom random, long timeMs) {
        return String.format(
                Locale.ROOT,
                "%d %s [worker-%02d] request %016x GET /api/v1/%s/%d status=%d bytes=%d took=%d us%n",
                timeMs,
                LEVELS[random.nextInt(LEVELS.length)],
                random.nextInt(16),
                random.nextLong(),
                PATHS[random.nextInt(PATHS.length)],
                random.nextInt(100_000),
                random.nextInt(20) == 0 ? 404 : 200,
                random.nextInt(1_000_000),
                random.nextInt(20_000));
    }
}
