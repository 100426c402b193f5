package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Path;

/** A backup program with its server on loopback. One run at a time: start, full backup, unchanged backup, restore, stop. */
interface BackupSystem {
    String name();

    /** Name and version of the program as it says itself, or a message that says what to install. */
    String version() throws IOException, InterruptedException;

    /** Makes an empty repository in the folder and starts the server. */
    Running start(Path work) throws IOException, InterruptedException;

    /** A server with an empty repository. */
    interface Running extends AutoCloseable {
        ProcessMeter.Usage backup(Path data) throws IOException, InterruptedException;

        ProcessMeter.Usage restore(Path target) throws IOException, InterruptedException;

        /** The server's account since its start. */
        ProcessMeter.Usage server();

        /** Bytes that the repository takes on disk. */
        long storedBytes() throws IOException;

        @Override
        void close() throws IOException;
    }
}
