package sago.sender.restore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.ChunkSource;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryCursor;
import sago.sender.tree.TreeReader;
import sago.sender.tree.TreeRoot;

/**
 * A few chunks of a snapshot, chosen at random without walking all of its tree: entries are met in stretches that begin anywhere, and of
 * each stretch a file is chosen by its length, so that large files count for what they hold. Where there is a choice, chunks of packs
 * that have none yet come first. Confined to one thread.
 */
public final class ChunkSample {
    /** Entries of one stretch: some leaves of the tree. */
    private static final int STRETCH_ENTRIES = 256;

    /** Chunks that are drawn for each one that is wanted, so that they can be spread over packs. */
    private static final int DRAWS = 4;

    /** A chunk and a file that holds it. */
    public record Drawn(Entry file, ChunkRef ref) {}

    private final TreeReader tree;
    private final long entries;
    private final Random random;
    private long met;

    /**
     * @param entries of the tree, as its manifest says
     * @param random chooses; the same choices for the same seed
     */
    public ChunkSample(ChunkSource chunks, TreeRoot root, long entries, Random random) {
        this.tree = new TreeReader(chunks, root);
        this.entries = entries;
        this.random = random;
    }

    /** Entries of the tree that were met. */
    public long met() {
        return met;
    }

    /** So many different chunks of data at most, fewer only where the snapshot is small. */
    public List<Drawn> draw(int count) throws FaultException, InterruptedException {
        Map<ChunkRef, Drawn> drawn = new LinkedHashMap<>();
        if (entries <= (long) count * STRETCH_ENTRIES) {
            stretch(0, Long.MAX_VALUE, count * DRAWS, drawn);
        } else {
            for (int i = 0; i < count; i++) {
                long from = (long) (random.nextDouble() * (entries - STRETCH_ENTRIES));
                stretch(from, STRETCH_ENTRIES, DRAWS, drawn);
            }
        }
        return spread(drawn.values(), count);
    }

    /** Draws with returning from the files of a stretch, by length. */
    private void stretch(long from, long length, int draws, Map<ChunkRef, Drawn> drawn)
            throws FaultException, InterruptedException {
        @Nullable Entry[] chosen = new Entry[draws];
        long bytes = 0;
        EntryCursor cursor = tree.fromNumber(from);
        for (long i = 0; i < length; i++) {
            Entry entry = cursor.next();
            if (entry == null) {
                break;
            }
            met++;
            bytes += entry.content().bytes();
            for (int draw = 0; draw < draws && entry.content().bytes() > 0; draw++) {
                if (random.nextDouble() * bytes < entry.content().bytes()) {
                    chosen[draw] = entry;
                }
            }
        }
        for (Entry entry : chosen) {
            if (entry != null) {
                ChunkRef ref = tree.anyChunk(entry.content(), random);
                drawn.put(ref, new Drawn(entry, ref));
            }
        }
    }

    /** The first of each pack, then the second of each, and so on. */
    private static List<Drawn> spread(Collection<Drawn> drawn, int count) {
        Map<PackId, Integer> ofPack = new HashMap<>();
        List<List<Drawn>> rounds = new ArrayList<>();
        for (Drawn one : drawn) {
            int round = ofPack.merge(one.ref().pack(), 1, Integer::sum) - 1;
            if (rounds.size() == round) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(one);
        }
        return rounds.stream().flatMap(List::stream).limit(count).toList();
    }
}
