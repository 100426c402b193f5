package sago.sender.pack;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import sago.common.fault.FaultException;
import sago.sender.compress.Codec;
import sago.sender.seal.Aead;

/**
 * The open packs of a session, shared by its workers. A worker takes the first builder that nobody uses at that moment, so packs are as
 * many as workers really write at the same time: many while everything is new, one when little changed, so that a small session
 * ends in one small pack instead of one for each worker. Appending takes microseconds, waiting for a window much longer;
 * therefore a worker that finds all builders taken waits for one of them.
 *
 * <p>There must be fewer builders than images in the window: then at least one image always belongs to a pack that is complete, which
 * becomes durable without anybody's help, and nobody waits for ever. Thread-safe.
 */
public final class OpenPacks {
    private final List<Slot> slots = new ArrayList<>();

    /**
     * @param packsMax builders
     * @param aeads a fresh cipher per builder
     */
    public OpenPacks(
            PackSession session, PackTransport transport, SecureRandom random, Supplier<Aead> aeads, int packsMax) {
        if (packsMax < 1) {
            throw new IllegalArgumentException("open packs: " + packsMax);
        }
        for (int i = 0; i < packsMax; i++) {
            slots.add(new Slot(new PackBuilder(session, transport, random, aeads.get())));
        }
    }

    /** As {@link PackBuilder#append}. */
    public ChunkRef append(ChunkId id, ChunkKind kind, Codec codec, int raw, ByteBuffer stored)
            throws FaultException, InterruptedException {
        Slot slot = take(id);
        try {
            return slot.builder.append(id, kind, codec, raw, stored);
        } finally {
            slot.lock.unlock();
        }
    }

    /** Closes every open pack, each with the smallest length that holds it. Further records begin others. */
    public void finish() throws FaultException, InterruptedException {
        for (Slot slot : slots) {
            slot.lock.lockInterruptibly();
            try {
                slot.builder.finish();
            } finally {
                slot.lock.unlock();
            }
        }
    }

    /** Gives up what is open, after a fault. No worker may append any more. */
    public void abandon() {
        for (Slot slot : slots) {
            slot.lock.lock();
            try {
                slot.builder.abandon();
            } finally {
                slot.lock.unlock();
            }
        }
    }

    private Slot take(ChunkId id) throws InterruptedException {
        for (Slot slot : slots) {
            if (slot.lock.tryLock()) {
                return slot;
            }
        }
        // The id is as good as random: waiting workers spread over the builders.
        Slot slot = slots.get((int) Long.remainderUnsigned(id.check(), slots.size()));
        slot.lock.lockInterruptibly();
        return slot;
    }

    private static final class Slot {
        final ReentrantLock lock = new ReentrantLock();
        final PackBuilder builder;

        Slot(PackBuilder builder) {
            this.builder = builder;
        }
    }
}
