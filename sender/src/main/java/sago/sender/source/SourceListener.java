package sago.sender.source;

import java.nio.file.Path;

/** Hears of what the walk could not read or find. Called on the walker's thread. */
public interface SourceListener {
    /** This file, link or folder could not be read; the walk goes on without it (a folder keeps its own entry). */
    void unreadable(Path path, String reason);

    /** This was there when its folder was listed, and gone when its turn came. */
    default void vanished(Path path) {}
}
