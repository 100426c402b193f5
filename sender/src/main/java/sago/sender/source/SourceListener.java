package sago.sender.source;

import java.nio.file.Path;

/** Hears of what the walk could not read. Called on the walker's thread. */
public interface SourceListener {
    /** This file, link or folder could not be read; the walk goes on without it (a folder keeps its own entry). */
    void unreadable(Path path, String reason);
}
