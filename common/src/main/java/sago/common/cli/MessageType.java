package sago.common.cli;

import java.util.Locale;

/** Kinds of JSON messages; docs/JSON.md says which members each has. A kind that was once published keeps its name and its members. */
public enum MessageType {
    /** A long command has begun: what it works on. */
    START(false),
    /** It goes on from what a run before it has finished. */
    RESUMED(false),
    /** How far it is, once a second. */
    STATUS(false),
    /** What was done so far is saved. */
    CHECKPOINT(false),
    /** Something a person should look at; the command goes on. */
    WARNING(false),
    /** One thing of a list: a snapshot, an entry, a site, a key. */
    ITEM(false),
    /** What came of the command: its last message on stdout. */
    SUMMARY(false),
    /** One thing failed; the command goes on with the others. */
    ERROR(true),
    /** The command failed: its last message. */
    EXIT_ERROR(true);

    private final boolean isError;

    MessageType(boolean isError) {
        this.isError = isError;
    }

    /** Whether it goes to stderr instead of stdout. */
    boolean isError() {
        return isError;
    }

    /** As {@code message_type} has it. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
