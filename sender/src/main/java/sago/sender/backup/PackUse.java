package sago.sender.backup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.sender.catalog.ChunkPlace;
import sago.sender.catalog.ListUse;
import sago.sender.catalog.UseRegister;
import sago.sender.pack.ChunkRef;
import sago.sender.tree.Entry;
import sago.sender.tree.ListRefs;

/**
 * Counts the bytes that each pack gives to the tree that is being made or read: data, nodes and lists. A chunk that is used twice counts
 * twice. Counts of many packs go to a temporary table of the catalog now and then. Confined to one thread at a time.
 */
public final class PackUse {
    /** Packs of 32 MiB that 2 TiB fill: some 6 MiB of memory. */
    static final int PACKS_IN_MEMORY_MAX = 64 << 10;

    private final UseRegister register;
    private final DatasetId dataset;
    private final int packsMax;
    private final Map<PackId, Count> counts = new HashMap<>();

    /** What was counted last: references of a file are mostly of one pack. */
    private @Nullable PackId lastPack;

    private Count last = new Count();

    public PackUse(UseRegister register, DatasetId dataset) {
        this(register, dataset, PACKS_IN_MEMORY_MAX);
    }

    PackUse(UseRegister register, DatasetId dataset, int packsMax) {
        this.register = register;
        this.dataset = dataset;
        this.packsMax = packsMax;
    }

    /** A tree begins: nothing is counted. */
    public void begin() throws FaultException {
        counts.clear();
        lastPack = null;
        register.begin();
    }

    /** Counts what an entry of the tree refers to, behind lists too, which must be known. */
    public void entry(Entry entry) throws FaultException {
        List<ChunkRef> refs = entry.content().refs();
        for (int i = 0; i < refs.size(); i++) {
            ChunkRef ref = refs.get(i);
            add(ref.pack(), ref.footprint());
            if (entry.content().listLevel() > 0) {
                behind(new ChunkPlace(ref.pack(), ref.offset()));
            }
        }
    }

    /** Whether {@link #flush} is due. */
    public boolean isFull() {
        return counts.size() >= packsMax;
    }

    private void behind(ChunkPlace list) throws FaultException {
        ListUse use = register.list(list)
                .orElseThrow(() -> new FaultException(
                        Fault.INTEGRITY,
                        "the catalog lost what a chunk list refers to while it was used: run it again"));
        use.packs().forEach(this::add);
        for (ChunkPlace below : use.lists()) {
            behind(below);
        }
    }

    /** Counts a node of the tree. */
    public void node(ChunkRef ref) {
        add(ref.pack(), ref.footprint());
    }

    /** Writes down what a list refers to; entries that name it count it. */
    public void list(ChunkRef ref, byte[] bytes) throws FaultException {
        ListRefs named = ListRefs.of(bytes);
        Map<PackId, Long> packs = new HashMap<>();
        List<ChunkPlace> lists = new ArrayList<>();
        for (ChunkRef below : named.refs()) {
            packs.merge(below.pack(), (long) below.footprint(), Long::sum);
            if (named.lists()) {
                lists.add(new ChunkPlace(below.pack(), below.offset()));
            }
        }
        register.putList(dataset, new ChunkPlace(ref.pack(), ref.offset()), new ListUse(packs, lists));
    }

    /** Hands over what was counted; after a full disk it may be called again. */
    public void flush() throws FaultException {
        if (counts.isEmpty()) {
            return;
        }
        Map<PackId, Long> bytes = new HashMap<>();
        counts.forEach((pack, count) -> bytes.put(pack, count.bytes));
        register.add(bytes);
        counts.clear();
        lastPack = null;
    }

    private void add(PackId pack, long bytes) {
        if (!pack.equals(lastPack)) {
            lastPack = pack;
            last = counts.computeIfAbsent(pack, unknown -> new Count());
        }
        last.bytes += bytes;
    }

    private static final class Count {
        long bytes;
    }
}
