package sago.sender.upload;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;

/**
 * The pack images of one session: a fixed number of direct buffers that hold the ciphertext of every pack until it is
 * durable. Waiting here is the backpressure that reaches the source.
 *
 * <p>Images are allocated when first needed and used again, the last freed first, so a small backup touches little memory. An
 * image is not cleared between packs: it still holds older ciphertext, and whoever fills it writes every byte.
 * Thread-safe.
 */
final class Window {
    /** Two: one pack fills while another awaits its acknowledgement. */
    static final int IMAGES_MIN = 2;

    private final int imageBytes;
    private final int imagesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int allocated;
    private int used;
    private int waiting;
    private @Nullable FaultException fault;

    Window(int imageBytes, long windowBytes) {
        if (imageBytes <= 0 || windowBytes < 0) {
            throw new IllegalArgumentException("window of " + windowBytes + " bytes in images of " + imageBytes);
        }
        this.imageBytes = imageBytes;
        this.imagesMax = (int) Math.min(Integer.MAX_VALUE, Math.max(IMAGES_MIN, windowBytes / imageBytes));
    }

    /** Waits for a buffer of one pack. Throws the fault of the session once it has failed. */
    ByteBuffer acquire() throws FaultException, InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            while (fault == null && used == imagesMax) {
                freed.await();
            }
            if (fault != null) {
                throw Faults.again(fault);
            }
            used++;
            ByteBuffer image = free.pollFirst();
            if (image == null) {
                allocated++;
                image = ByteBuffer.allocateDirect(imageBytes);
            }
            return image.clear();
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Takes a buffer back that nobody reads or writes any more. */
    void free(ByteBuffer image) {
        lock.lock();
        try {
            if (used == 0) {
                throw new IllegalStateException("an image was freed twice");
            }
            used--;
            free.addFirst(image);
            freed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whoever waits, now or later, gets this fault. The first one stays. */
    void fail(FaultException cause) {
        lock.lock();
        try {
            if (fault == null) {
                fault = cause;
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int imagesMax() {
        return imagesMax;
    }

    /** Images that hold a pack now. */
    int used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    /** Images that have ever been allocated. */
    int allocated() {
        lock.lock();
        try {
            return allocated;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a sealing thread waits for room. */
    boolean full() {
        lock.lock();
        try {
            return waiting > 0 && used == imagesMax;
        } finally {
            lock.unlock();
        }
    }
}
