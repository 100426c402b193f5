package sago.sender.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sago.common.cli.MessageType;
import sago.common.cli.Output;
import sago.common.cli.Units;
import sago.common.time.Clock;

/**
 * Shows progress on stderr: a line that redraws itself on a terminal, a plain line every few seconds elsewhere; for programs a status once a second
 * on stdout. Draws on a thread of its own until it is closed; the figures come from the supplier, which must be thread-safe.
 */
final class ProgressPrinter implements AutoCloseable {
    private static final long DRAW_MS = 250;
    private static final long PLAIN_LOOK_MS = 1_000;
    private static final int LOOKS_PER_PLAIN_LINE = 5;
    private static final long RATE_WINDOW_NS = 5_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;
    private static final long NS_PER_S = 1_000_000_000;
    private static final int BAR_CHARS = 14;
    private static final String CLEAR_LINE = "\r\033[K";

    private final Output output;
    private final PrintStream err;
    private final Clock clock;
    private final Supplier<ProgressFigures> figures;
    private final int columns;
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> drawing;
    private final StandstillLines standstills = new StandstillLines();
    private final long startedNs;
    private int looks;
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long atNs, long bytes) {}

    private ProgressPrinter(Output output, Clock clock, Supplier<ProgressFigures> figures, int columns) {
        this.output = output;
        this.err = output.err();
        this.clock = clock;
        this.figures = figures;
        this.columns = output.json() ? 0 : columns;
        this.startedNs = clock.monotonicNs();
        samples.add(new Sample(startedNs, 0));
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "sago-progress");
            made.setDaemon(true);
            return made;
        });
        long everyMs = this.columns > 0 ? DRAW_MS : PLAIN_LOOK_MS;
        this.drawing = thread.scheduleAtFixedRate(this::draw, everyMs, everyMs, TimeUnit.MILLISECONDS);
    }

    /** @param columns width of the terminal; 0 where there is none */
    static ProgressPrinter start(Output output, Clock clock, int columns, Supplier<ProgressFigures> figures) {
        return new ProgressPrinter(output, clock, figures, columns);
    }

    /** Width of the terminal behind stderr as the launcher saw it; 0 where there is none. */
    static int columnsOfProcess() {
        return Integer.getInteger("sago.columns", 0);
    }

    private void draw() {
        draw(figures.get());
    }

    /** Redraws the line, or prints what is due where lines stay. */
    synchronized void draw(ProgressFigures now) {
        if (output.json()) {
            status(now);
            return;
        }
        String line = line(now);
        if (columns == 0) {
            String due = standstills.next(now.standstill());
            if (due != null) {
                err.println("sago: " + due);
            }
            if (now.standstill() == null && ++looks % LOOKS_PER_PLAIN_LINE == 0) {
                err.println(line);
            }
        } else {
            err.print(CLEAR_LINE + line.substring(0, Math.min(line.length(), columns - 1)));
        }
        err.flush();
    }

    /** A message with these figures. */
    private void status(ProgressFigures now) {
        Moved moved = moved(now);
        output.message(MessageType.STATUS, fields -> {
            fields.put("elapsed_ms", (clock.monotonicNs() - startedNs) / NS_PER_MS)
                    .put("bytes_done", now.doneBytes())
                    .put("files_done", now.files());
            if (now.totalBytes() > 0) {
                fields.put("bytes_total", now.totalBytes());
            }
            fields.put("rate_bps", moved.tookNs <= 0 ? 0 : (long) (moved.bytes * 1e9 / moved.tookNs));
            if (moved.bytes > 0 && now.totalBytes() > now.doneBytes()) {
                fields.put("eta_s", moved.leftNs(now) / NS_PER_S);
            }
            if (!now.limit().isEmpty()) {
                fields.put("bottleneck", now.limit());
            }
            ProgressFigures.Standstill standstill = now.standstill();
            if (standstill != null) {
                fields.object(
                        "waiting",
                        waiting -> waiting.put("what", standstill.what())
                                .put("message", standstill.text())
                                .put("for_ms", standstill.forNs() / NS_PER_MS));
            }
            now.more().accept(fields);
        });
    }

    /** What was done within the last seconds. */
    private record Moved(long bytes, long tookNs) {
        long leftNs(ProgressFigures now) {
            return (long) ((double) (now.totalBytes() - now.doneBytes()) / bytes * tookNs);
        }
    }

    /** Remembers the figures for the rate. */
    private Moved moved(ProgressFigures now) {
        long atNs = clock.monotonicNs();
        samples.addLast(new Sample(atNs, now.doneBytes()));
        while (samples.size() > 2 && atNs - samples.getFirst().atNs > RATE_WINDOW_NS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        return new Moved(Math.max(0, now.doneBytes() - first.bytes), atNs - first.atNs);
    }

    /** One line for these figures; remembers them for the rate. */
    synchronized String line(ProgressFigures now) {
        Moved moved = moved(now);
        StringBuilder line = new StringBuilder();
        boolean totalKnown = now.totalBytes() > 0;
        if (totalKnown) {
            int percent = Units.percent(now.doneBytes(), now.totalBytes());
            line.append(bar(percent)).append(' ').append(percent).append(" %  ");
        }
        line.append(Units.bytes(now.doneBytes()));
        if (totalKnown) {
            line.append('/').append(Units.bytes(now.totalBytes()));
        }
        line.append("  ").append(Units.rate(moved.bytes, moved.tookNs));
        if (totalKnown && moved.bytes > 0 && now.totalBytes() > now.doneBytes()) {
            line.append("  ETA ").append(Units.duration(moved.leftNs(now)));
        }
        line.append("  ").append(Units.count(now.files(), "file"));
        ProgressFigures.Standstill standstill = now.standstill();
        if (standstill != null) {
            return line.append("  ").append(standstill.text()).toString();
        }
        if (!now.limit().isEmpty()) {
            line.append("  limit: ").append(now.limit());
        }
        if (!now.aside().isEmpty()) {
            line.append("  ").append(now.aside());
        }
        return line.toString();
    }

    private static String bar(int percent) {
        int full = percent * BAR_CHARS / 100;
        return "[" + "#".repeat(full) + "-".repeat(BAR_CHARS - full) + "]";
    }

    /** Stops drawing and leaves an empty line to go on from. */
    @Override
    public void close() {
        drawing.cancel(false);
        thread.shutdown();
        synchronized (this) {
            if (columns > 0) {
                err.print(CLEAR_LINE);
                err.flush();
            }
        }
    }
}
