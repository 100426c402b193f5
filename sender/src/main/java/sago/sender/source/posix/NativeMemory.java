package sago.sender.source.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory outside the heap that native calls fill, seen as a buffer. Freed when nobody refers to it. Confined to one thread. */
final class NativeMemory {
    private final Memory memory;
    private final ByteBuffer view;

    NativeMemory(int bytes) {
        memory = new Memory(bytes);
        view = memory.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    long address() {
        return Pointer.nativeValue(memory);
    }

    int bytes() {
        return view.capacity();
    }

    /** The memory itself: position and limit are the caller's. */
    ByteBuffer view() {
        return view;
    }

    /** A copy of a part. */
    byte[] copy(int offset, int length) {
        byte[] bytes = new byte[length];
        view.get(offset, bytes);
        return bytes;
    }
}
