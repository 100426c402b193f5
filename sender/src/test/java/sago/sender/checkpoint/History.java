package sago.sender.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sago.common.durable.DurableFiles;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.pack.PackEntry;
import sago.sender.pack.ChunkKind;
import sago.sender.pack.ChunkRef;
import sago.sender.pack.PackedChunk;
import sago.sender.tree.Entry;

/** Two runs that were cut off, all that is true of them, and what a third run hears. */
final class History {
    static final int FILES = 3000;
    static final int PACKS = 20;
    static final long REGION = 1000;
    static final Entry LARGE = Samples.scanned(FILES, REGION * 8, 1_700_000_001L);

    private History() {}

    /** What a run found of those before. */
    record Found(List<String> packs, long files, long regions, boolean wrong) {}

    static void first(Path folder, DurableFiles files) throws IOException {
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            write(journal, 0, FILES / 2);
        }
    }

    static void second(Path folder, DurableFiles files) throws IOException {
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            Optional<FinishedFiles> finished = journal.merge(5);
            if (finished.isPresent()) {
                finished.get().close();
            }
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            write(journal, FILES / 2, FILES);
            for (int i = 0; i < 8; i++) {
                journal.region(FILES + i, i * REGION, Samples.extents(i * REGION), LARGE, Samples.refs(i, 1));
            }
        }
    }

    private static void write(CheckpointJournal journal, int from, int to) throws FaultException {
        for (int n = from; n < to; n++) {
            if (n % (FILES / PACKS) == 0) {
                int pack = n / (FILES / PACKS);
                journal.sealed(Samples.pack(pack), Samples.chunks(pack, 50, ChunkKind.DATA));
                journal.acknowledged(Samples.pack(pack).id(), pack);
            }
            journal.files(n, List.of(Samples.file(n, n % PACKS)));
        }
    }

    private static String text(SessionId session, PackEntry entry, List<PackedChunk> chunks) {
        return "sealed " + entry.id() + " " + List.of(session, entry, chunks).hashCode();
    }

    /** What packs were heard of in a whole journal of the second run. */
    static List<String> packs(int from, int to) {
        List<String> packs = new ArrayList<>();
        for (int pack = from; pack < to; pack++) {
            packs.add(text(Samples.SESSION, Samples.pack(pack), Samples.chunks(pack, 50, ChunkKind.DATA)));
            packs.add("acknowledged " + Samples.pack(pack).id() + " " + pack);
        }
        return packs;
    }

    /** Runs a third run up to its scan, and looks whether anything that it hears was never written. */
    static Found third(Path folder, DurableFiles files) throws IOException {
        List<String> packs = new ArrayList<>();
        long foundFiles = 0;
        long regions = 0;
        Set<String> wrong = new HashSet<>();
        try (CheckpointJournal journal = CheckpointJournal.open(folder, files)) {
            journal.replay(new ReplaySink() {
                @Override
                public void sealed(SessionId session, PackEntry entry, List<PackedChunk> chunks) {
                    packs.add(text(session, entry, chunks));
                }

                @Override
                public void acknowledged(PackId pack, long keepUntil) {
                    packs.add("acknowledged " + pack + " " + keepUntil);
                }
            });
            Optional<FinishedFiles> merged = journal.merge(6);
            if (merged.isPresent()) {
                try (FinishedFiles finished = merged.get()) {
                    for (int n = 0; n < FILES; n++) {
                        Entry entry = finished.file(Samples.key(n));
                        if (entry != null) {
                            foundFiles++;
                            wrong.addAll(entry.equals(Samples.file(n, n % PACKS)) ? List.of() : List.of("file " + n));
                        }
                    }
                    for (int i = 0; i < 8; i++) {
                        List<ChunkRef> refs = finished.region(LARGE, i * REGION, Samples.extents(i * REGION));
                        if (refs != null) {
                            regions++;
                            wrong.addAll(refs.equals(Samples.refs(i, 1)) ? List.of() : List.of("region " + i));
                        }
                    }
                }
            }
            journal.beginRun(Samples.SESSION, Samples.SCAN_MS);
            journal.sealed(Samples.pack(99), Samples.chunks(99, 1, ChunkKind.DATA));
            journal.acknowledged(Samples.pack(99).id(), 1);
        }
        return new Found(packs, foundFiles, regions, !wrong.isEmpty());
    }
}
