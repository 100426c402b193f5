package sago.receiver.serve;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Memory for answers to READ that are being read from disk, shared by all connections. Who finds none is called when some is free. Thread-safe. */
public final class ReadBudget {
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long freeBytes;

    public ReadBudget(long bytes) {
        this.freeBytes = bytes;
    }

    /** Takes memory, or else calls {@code onFree} once when it is worth trying again. */
    synchronized boolean tryTake(int bytes, Runnable onFree) {
        if (bytes > freeBytes) {
            waiting.add(onFree);
            return false;
        }
        freeBytes -= bytes;
        return true;
    }

    void giveBack(int bytes) {
        List<Runnable> all;
        synchronized (this) {
            freeBytes += bytes;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(Runnable::run);
    }
}
