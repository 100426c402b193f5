package sago.sender.backup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /** Packs of 32 MiB that 4 TiB fill: 6 MiB of memory. */
    static final int PACKS_IN_MEMORY_MAX = 128 << 10;

    private final UseRegister register;
    private final DatasetId dataset;
    private final int packsMax;
    private final PackCounts counts = new PackCounts();

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
        register.begin();
    }

    /** Counts what an entry of the tree refers to, behind lists too, which must be known. */
    public void entry(Entry entry) throws FaultException {
        List<ChunkRef> refs = entry.content().refs();
        for (int i = 0; i < refs.size(); i++) {
            ChunkRef ref = refs.get(i);
            counts.add(ref.pack(), ref.footprint());
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
        use.packs().forEach(counts::add);
        for (ChunkPlace below : use.lists()) {
            behind(below);
        }
    }

    /** Counts a node of the tree. */
    public void node(ChunkRef ref) {
        counts.add(ref.pack(), ref.footprint());
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
        if (counts.size() > 0) {
            register.add(counts.toMap());
            counts.clear();
        }
    }
}
