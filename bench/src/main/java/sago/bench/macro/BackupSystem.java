package sago.bench.macro;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program that makes backups, with its server on loopback. Used by one thread. */
interface BackupSystem {
    String name();

    /** Debian packages of programs that are missing here; empty if it can run. */
    List<String> missing();

    /** Name and version of each program that takes part, as it says itself, and what it was told to do. */
    Map<String, String> versions() throws IOException, InterruptedException;

    /**
     * Starts the server with an empty repository.
     *
     * @param work an empty folder for everything that the program keeps
     * @param server whose account the server's work goes to
     */
    Running start(Sandbox sandbox, ProcessGroup server, Path work) throws IOException, InterruptedException;

    /** A server with a repository: says which commands do the work; others run and measure them. */
    interface Running {
        /** Backs up a folder; done again, it goes on or sends what is new. */
        Invocation backup(Path data) throws IOException;

        /** Backs up one file that is the image of a disk. */
        default Invocation backupImage(Path file) throws IOException {
            return backup(file);
        }

        /** Restores the newest backup of a folder. */
        Invocation restore(Path data, Path target) throws IOException;

        /** Where the folder is found below the target after that. */
        Path restored(Path data, Path target);

        /** The folder that holds what is stored. */
        Path stored();
    }
}
