package sago.sender.compress;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import sago.common.time.Clock;

/**
 * Chooses zstd while sealed bytes pile up before the link, and LZ4 while they do not. The pile says by itself what holds the backup back: if
 * the cores do, every slice is taken as soon as it is sealed; if the link does, the window fills within a second or two. Chosen this way
 * the two meet in the middle where neither codec alone would keep both link and cores busy.
 *
 * <pre>
 *        the pile takes 2 s to send, twice in a row,
 *        or is a third of the window while a quarter of the cores idles
 *  LZ4  ------------------------------------------------------------->  zstd
 *       <-------------------------------------------------------------
 *        it takes less than half a second, and is less than a sixth; 1 s after the last change
 * </pre>
 *
 * The second condition is for fast links, whose pile cannot take 2 s because the window is no larger. There it must be known that
 * cores have time: where both ends share one machine a pile may also mean that the site gets no core, and zstd would make that worse.
 *
 * <p>Thread-safe: whoever comes first when a sample is due takes it, the others read one volatile field.
 */
public final class AutoChoice implements CodecChoice {
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    static final long DWELL_NS = TimeUnit.SECONDS.toNanos(1);

    /** How long the past counts in rates, roughly. */
    private static final double MEMORY_NS = TimeUnit.SECONDS.toNanos(2);

    private static final double PILE_NS_MANY = TimeUnit.SECONDS.toNanos(2);
    private static final double PILE_NS_FEW = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int SAMPLES_IN_A_ROW = 2;

    /** Less is nothing to judge by: a connection that just begins leaves so much. */
    private static final long PILE_BYTES_MIN = 4 << 20;

    private static final int WINDOW_PART_MANY = 3;
    private static final int WINDOW_PART_FEW = 6;
    private static final double IDLE_ENOUGH = 0.25;

    /** How the way to the site is doing. */
    public interface Link {
        /** Now; asked a few times a second. */
        Load load();
    }

    /**
     * @param unsentBytes sealed, and taken by no connection
     * @param sentBytes cumulative
     * @param windowBytes that can be sealed and not durable
     * @param idle share of all cores, 0 to 1, that had nothing to do since the last time; 0 where that is not known
     */
    public record Load(long unsentBytes, long sentBytes, long windowBytes, double idle) {}

    private final Clock clock;
    private final Link link;
    private final AtomicLong dueNs;
    private volatile Codec chosen = Codec.LZ4;

    private long sampledNs;
    private long changedNs;
    private long sentBytes;
    private int piled;
    private double pastNs;
    private double pastSent;
    private double pastIdleNs;

    public AutoChoice(Clock clock, Link link) {
        this.clock = clock;
        this.link = link;
        this.sampledNs = clock.monotonicNs();
        this.changedNs = sampledNs;
        this.dueNs = new AtomicLong(sampledNs + INTERVAL_NS);
    }

    @Override
    public Codec now() {
        long now = clock.monotonicNs();
        long due = dueNs.get();
        if (now - due >= 0 && dueNs.compareAndSet(due, now + INTERVAL_NS)) {
            sample(now);
        }
        return chosen;
    }

    private synchronized void sample(long nowNs) {
        Load load = link.load();
        remember(load, nowNs);
        double pileNs = load.unsentBytes < PILE_BYTES_MIN ? 0 : load.unsentBytes / (pastSent / pastNs);
        boolean many = pileNs >= PILE_NS_MANY
                || (load.unsentBytes >= load.windowBytes / WINDOW_PART_MANY && pastIdleNs / pastNs >= IDLE_ENOUGH);
        piled = many ? piled + 1 : 0;
        boolean few = pileNs < PILE_NS_FEW && load.unsentBytes < load.windowBytes / WINDOW_PART_FEW;
        if (nowNs - changedNs < DWELL_NS && chosen != Codec.LZ4) {
            return;
        }
        if (chosen == Codec.LZ4 ? piled >= SAMPLES_IN_A_ROW && ZstdLibrary.trouble() == null : few) {
            chosen = chosen == Codec.LZ4 ? Codec.ZSTD : Codec.LZ4;
            changedNs = nowNs;
        }
    }

    /** Averages over the past, in which what is long ago counts ever less. */
    private void remember(Load load, long nowNs) {
        double ns = Math.max(1, nowNs - sampledNs);
        double kept = Math.exp(-ns / MEMORY_NS);
        pastNs = pastNs * kept + ns;
        pastSent = pastSent * kept + (load.sentBytes - sentBytes);
        pastIdleNs = pastIdleNs * kept + load.idle * ns;
        sentBytes = load.sentBytes;
        sampledNs = nowNs;
    }
}
