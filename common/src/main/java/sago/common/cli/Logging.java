package sago.common.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** How much is logged. Where it goes is fixed: {@link LogSetup}. */
public final class Logging {
    private Logging() {}

    /** One line of INFO per event of ours; WARN of everything else. */
    public static void verbose() {
        level(Level.INFO);
    }

    /** Everything of ours, for a developer. */
    public static void debug() {
        level(Level.DEBUG);
    }

    private static void level(Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("sago").setLevel(level);
        }
    }
}
