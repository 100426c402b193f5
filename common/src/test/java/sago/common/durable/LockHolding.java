package sago.common.durable;

import java.io.IOException;
import java.nio.file.Path;

/** A process that takes the lock of a folder, says {@code h}, and holds it until its input ends. */
final class LockHolding {
    private LockHolding() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        FolderLock lock = arguments[1].equals("shared")
                ? FolderLock.acquireShared(Disk.real(), folder)
                : FolderLock.acquire(Disk.real(), folder);
        try (lock) {
            System.out.print('h');
            System.out.flush();
            System.in.readAllBytes();
        }
    }
}
