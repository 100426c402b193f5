package sago.sender.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.pack.PackEntry;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.secret.SecretBytes;
import sago.sender.compress.ChunkCompressor;
import sago.sender.compress.Codec;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;

class PackRoundTripTest {
    private static final PackGeometry TINY = new PackGeometry(8 << 10, 64 << 10);
    private static final int SEGMENT_PLAIN = (8 << 10) - 32;
    private static final AeadProvider AEADS = AeadProviders.choose();
    private static final SecretBytes ID_KEY = SecretBytes.of(new byte[] {1, 2, 3, 4});

    private final PackSession session = MemoryPacks.session(TINY);
    private final MemoryPacks site = new MemoryPacks(session);
    private final PackBuilder builder = new PackBuilder(session, site, new SecureRandom(), AEADS.aead());
    private final ChunkIds ids = new ChunkIds(ID_KEY);
    private final ChunkCompressor compressor = new ChunkCompressor();
    private final Map<ChunkRef, byte[]> written = new LinkedHashMap<>();

    @Test
    void givesBackChunksOfEveryLengthAroundTheBoundaries() throws Exception {
        int toSegmentEnd = SEGMENT_PLAIN - RecordLayout.HEADER_BYTES;
        for (int length : new int[] {
            0, 1, 43, 44, 45, toSegmentEnd - 1, toSegmentEnd, toSegmentEnd + 1, 2 * SEGMENT_PLAIN, 40_000, 50_000
        }) {
            append(noise(length));
            append(new byte[length]);
        }
        builder.finish();
        assertThat(site.entries()).hasSizeGreaterThan(2);
        assertReadable();
        assertThat(site.imagesOut()).isZero();
    }

    @Test
    void fillsPacksToTheLastByteThatFits() throws Exception {
        int capacity = TINY.plainBytes(TINY.packBytes()) - RecordLayout.FOOTER_BYTES;
        int largest = capacity - RecordLayout.footprint(0);
        append(noise(largest));
        append(noise(largest - 1));
        builder.finish();
        assertThat(site.entries()).hasSize(2).allMatch(entry -> entry.length() == TINY.packBytes());
        assertReadable();
        assertThatIllegalArgumentException().isThrownBy(() -> append(noise(largest + 1)));
    }

    @Test
    void closesATailWithTheSmallestLengthThatHoldsIt() throws Exception {
        PackGeometry wide = new PackGeometry(8 << 10, 1 << 20);
        MemoryPacks other = new MemoryPacks(MemoryPacks.session(wide));
        PackBuilder wideBuilder = new PackBuilder(MemoryPacks.session(wide), other, new SecureRandom(), AEADS.aead());
        for (int length : new int[] {1, 50_000, 61_100, 100_000, 200_000}) {
            byte[] data = noise(length);
            wideBuilder.append(
                    ids.of(ChunkKind.DATA, data, 0, length), ChunkKind.DATA, Codec.RAW, length, ByteBuffer.wrap(data));
            wideBuilder.finish();
        }
        assertThat(other.entries())
                .extracting(PackEntry::length)
                .containsExactly(64L << 10, 64L << 10, 128L << 10, 128L << 10, 256L << 10);
    }

    @Test
    void sealsASmallPackInOneShortSegment() throws Exception {
        PackGeometry large = new PackGeometry(128 << 10, 1 << 20);
        MemoryPacks other = new MemoryPacks(MemoryPacks.session(large));
        PackBuilder largeBuilder = new PackBuilder(MemoryPacks.session(large), other, new SecureRandom(), AEADS.aead());
        byte[] data = noise(10_000);
        ChunkRef ref = largeBuilder.append(
                ids.of(ChunkKind.TREE, data, 0, data.length),
                ChunkKind.TREE,
                Codec.RAW,
                data.length,
                ByteBuffer.wrap(data));
        largeBuilder.finish();
        assertThat(other.entries()).extracting(PackEntry::length).containsExactly(64L << 10);
        try (PackReader reader = new PackReader(other, other, ID_KEY, AEADS, 1 << 20)) {
            assertThat(reader.read(ref, ChunkKind.TREE)).isEqualTo(data);
            assertThat(reader.verifyPack(ref.pack())).isEqualTo(1);
        }
    }

    @Test
    void tableAloneNamesEveryRecord() throws Exception {
        for (int i = 0; i < 100; i++) {
            append(noise(i));
        }
        builder.finish();
        try (PackReader reader = reader()) {
            for (PackEntry entry : site.entries()) {
                assertThat(reader.readTail(entry.id()).chunks()).isEqualTo(site.chunks(entry.id()));
            }
        }
    }

    @Test
    void readsAPackFrontToBackInFewFetches() throws Exception {
        append(noise(20_000));
        append(noise(20_000));
        builder.finish();
        PackId pack = site.entries().get(0).id();
        try (PackReader reader = reader()) {
            reader.verifyPack(pack);
        }
        assertThat(site.fetches.get()).as("header, all segments").isEqualTo(2);
    }

    @Test
    void readsByItselfWhatCouldNotBeFetchedAhead() throws Exception {
        append(noise(20_000));
        append(noise(20_000));
        builder.finish();
        AtomicInteger ahead = new AtomicInteger();
        PackFetcher onlyReaders = (pack, offset, into) -> {
            if (Thread.currentThread().getName().equals("readahead")) {
                ahead.incrementAndGet();
                throw new IllegalStateException("not ahead");
            }
            site.fetch(pack, offset, into);
        };
        try (PackReader reader = new PackReader(onlyReaders, site, ID_KEY, AEADS, 1 << 20)) {
            for (Map.Entry<ChunkRef, byte[]> chunk : written.entrySet()) {
                assertThat(reader.read(chunk.getKey(), ChunkKind.DATA)).isEqualTo(chunk.getValue());
            }
            reader.verifyPack(site.entries().get(0).id());
        }
        assertThat(ahead).hasPositiveValue();
    }

    @Test
    void readersThatTakeEachOthersSegmentsOutOfATinyCacheAllReadEverything() throws Exception {
        for (int i = 0; i < 40; i++) {
            append(noise(5000));
        }
        builder.finish();
        try (PackReader reader = new PackReader(site, site, ID_KEY, AEADS, SEGMENT_PLAIN)) {
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(CompletableFuture.runAsync(() -> readAllOften(reader)));
            }
            for (CompletableFuture<Void> one : readers) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private void readAllOften(PackReader reader) {
        try {
            for (int i = 0; i < 20; i++) {
                for (Map.Entry<ChunkRef, byte[]> chunk : written.entrySet()) {
                    assertThat(reader.read(chunk.getKey(), ChunkKind.DATA)).isEqualTo(chunk.getValue());
                }
            }
        } catch (FaultException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsWithinTheBudgetOfItsCacheAndStillReadsEverything() throws Exception {
        for (int i = 0; i < 40; i++) {
            append(noise(5000));
        }
        builder.finish();
        try (PackReader reader = new PackReader(site, site, ID_KEY, AEADS, 0)) {
            for (Map.Entry<ChunkRef, byte[]> chunk : written.entrySet()) {
                assertThat(reader.read(chunk.getKey(), ChunkKind.DATA)).isEqualTo(chunk.getValue());
                reader.lend(
                        chunk.getKey(),
                        ChunkKind.DATA,
                        (bytes, offset, length) -> assertThat(Arrays.copyOfRange(bytes, offset, offset + length))
                                .isEqualTo(chunk.getValue()));
            }
        }
    }

    @Test
    void sealsUnderTheLayoutThatFormatNames() throws Exception {
        append(noise(100));
        builder.finish();
        PackEntry entry = site.entries().get(0);
        byte[] file = site.file(entry.id());
        assertThat(file).hasSize(64 << 10);
        String header = HexFormat.of().formatHex(file, 0, PackHeader.AAD_BYTES);
        assertThat(header)
                .isEqualTo("5341474f5041434b" + "0001" + "01" + "00" + "00002000"
                        + "00000000000000010000000000000002"
                        + "00000000000000030000000000000004"
                        + "00000000000000050000000000000006"
                        + entry.id());
        try (PackReader reader = reader()) {
            PackedChunk row = reader.readTail(entry.id()).chunks().get(0);
            assertThat(row.ref())
                    .isEqualTo(new ChunkRef(entry.id(), 0, 100, 100, row.id().check()));
        }
    }

    @Test
    void pinsTheBytesOfRecordRowAndFooter() {
        ChunkId id = new ChunkId(1, 2, 3, 4);
        ChunkRef ref = new ChunkRef(new PackId(9, 9), 0x0a0b, 0x11, 0x22, 1);
        ByteBuffer bytes = ByteBuffer.allocate(108);
        RecordLayout.writeHeader(bytes, id, ChunkKind.TREE, Codec.LZ4, ref);
        assertThat(bytes.position()).isEqualTo(44).isEqualTo(RecordLayout.HEADER_BYTES);
        RecordLayout.writeRow(bytes, id, ChunkKind.LIST, Codec.RAW, ref);
        assertThat(bytes.position()).isEqualTo(92);
        RecordLayout.writeFooter(bytes, 1, 0x300, 0xdeadbeef);
        String idHex = "0000000000000001000000000000000200000000000000030000000000000004";
        assertThat(HexFormat.of().formatHex(bytes.array()))
                .isEqualTo(idHex + "01020000" + "00000022" + "00000011"
                        + idHex + "00000a0b" + "00000022" + "00000011" + "00030000"
                        + "53475442" + "00000001" + "00000300" + "deadbeef");
    }

    @Test
    void findsEveryFlippedBitAndNamesThePack() throws Exception {
        append(noise(3000));
        append(new byte[9000]);
        builder.finish();
        PackId pack = site.entries().get(0).id();
        byte[] file = site.file(pack);
        Random random = new Random(42);
        for (int at = 0; at < file.length; at += at < 200 ? 1 : 1 + random.nextInt(80)) {
            int bit = 1 << random.nextInt(8);
            file[at] ^= (byte) bit;
            try (PackReader reader = reader()) {
                int position = at;
                assertThatThrownBy(() -> reader.verifyPack(pack))
                        .as("bit %d of byte %d", bit, position)
                        .isInstanceOf(FaultException.class)
                        .extracting(fault -> ((FaultException) fault).fault())
                        .isIn(Fault.INTEGRITY, Fault.VERSION, Fault.NOT_FOUND);
            }
            file[at] ^= (byte) bit;
        }
        try (PackReader reader = reader()) {
            assertThat(reader.verifyPack(pack)).isEqualTo(2);
        }
        file[20_000] ^= 1;
        try (PackReader reader = reader()) {
            assertThatThrownBy(() -> reader.verifyPack(pack))
                    .hasMessageContaining(pack.toString())
                    .hasMessageContaining("segment 1");
        }
    }

    @Test
    void refusesAReferenceThatMeansAnotherRecord() throws Exception {
        ChunkRef ref = append(noise(3000));
        append(noise(3001));
        builder.finish();
        PackId pack = ref.pack();
        List<ChunkRef> wrong = List.of(
                new ChunkRef(pack, ref.offset() + 1, ref.stored(), ref.raw(), ref.check()),
                new ChunkRef(pack, ref.offset(), ref.stored() - 1, ref.raw(), ref.check()),
                new ChunkRef(pack, ref.offset(), ref.stored(), ref.raw() + 1, ref.check()),
                new ChunkRef(pack, ref.offset(), ref.stored(), ref.raw(), ref.check() + 1),
                new ChunkRef(pack, 60_000, ref.stored(), ref.raw(), ref.check()));
        try (PackReader reader = reader()) {
            for (ChunkRef each : wrong) {
                assertThatThrownBy(() -> reader.read(each, ChunkKind.DATA))
                        .isInstanceOf(FaultException.class)
                        .extracting("fault")
                        .isIn(Fault.INTEGRITY, Fault.VERSION);
            }
            assertThatThrownBy(() -> reader.read(ref, ChunkKind.TREE))
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
            assertThat(reader.read(ref, ChunkKind.DATA)).isEqualTo(written.get(ref));
        }
    }

    @Test
    void refusesAChunkWhoseIdIsOfAnotherKey() throws Exception {
        ChunkRef ref = append(noise(3000));
        builder.finish();
        SecretBytes otherKey = SecretBytes.of(new byte[] {9});
        try (PackReader reader = new PackReader(site, site, otherKey, AEADS, 1 << 20)) {
            assertThatThrownBy(() -> reader.read(ref, ChunkKind.DATA))
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
        }
    }

    @Test
    void refusesAPackUnderAnotherName() throws Exception {
        ChunkRef ref = append(noise(3000));
        builder.finish();
        ChunkRef other = append(noise(3001));
        builder.finish();
        System.arraycopy(site.file(other.pack()), 0, site.file(ref.pack()), 0, site.file(ref.pack()).length);
        try (PackReader reader = reader()) {
            assertThatThrownBy(() -> reader.read(ref, ChunkKind.DATA))
                    .extracting("fault")
                    .isEqualTo(Fault.INTEGRITY);
        }
    }

    @Test
    void givesBackTheImageOfAnAbandonedPackUnlessASliceIsOut() throws Exception {
        append(noise(100));
        builder.abandon();
        assertThat(site.imagesOut()).isZero();
        append(noise(20_000));
        builder.abandon();
        assertThat(site.imagesOut()).isEqualTo(1);
        assertThat(builder.isOpen()).isFalse();
    }

    @Test
    void workersTogetherOpenNoMorePacksThanAllowedAndLoseNoRecord() throws Exception {
        OpenPacks packs = new OpenPacks(session, site, new SecureRandom(), AEADS::aead, 2);
        Map<ChunkRef, byte[]> all = new ConcurrentHashMap<>();
        List<Thread> workers = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        for (int w = 0; w < 4; w++) {
            Random random = new Random(w);
            Thread worker = new Thread(() -> {
                try {
                    ChunkIds own = new ChunkIds(ID_KEY);
                    for (int i = 0; i < 200; i++) {
                        byte[] data = new byte[random.nextInt(3000)];
                        random.nextBytes(data);
                        ChunkId id = own.of(ChunkKind.DATA, data, 0, data.length);
                        all.put(packs.append(id, ChunkKind.DATA, Codec.RAW, data.length, ByteBuffer.wrap(data)), data);
                    }
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        packs.finish();
        assertThat(failures).isEmpty();
        assertThat(site.imagesOutMax()).isLessThanOrEqualTo(2);
        written.putAll(all);
        assertThat(written).hasSize(800);
        assertReadable();
    }

    @Test
    void oneWorkerFillsOnePackAtATime() throws Exception {
        OpenPacks packs = new OpenPacks(session, site, new SecureRandom(), AEADS::aead, 5);
        for (int i = 0; i < 10; i++) {
            byte[] data = noise(1000);
            packs.append(ids.of(ChunkKind.DATA, data, 0, 1000), ChunkKind.DATA, Codec.RAW, 1000, ByteBuffer.wrap(data));
        }
        packs.finish();
        assertThat(site.entries()).hasSize(1);
    }

    private ChunkRef append(byte[] data) throws Exception {
        Codec codec = compressor.compress(data, 0, data.length);
        ByteBuffer stored = ByteBuffer.wrap(compressor.stored(), compressor.storedOffset(), compressor.storedLength());
        ChunkId id = ids.of(ChunkKind.DATA, data, 0, data.length);
        ChunkRef ref = builder.append(id, ChunkKind.DATA, codec, data.length, stored);
        written.put(ref, data);
        return ref;
    }

    private void assertReadable() throws Exception {
        try (PackReader reader = reader()) {
            for (Map.Entry<ChunkRef, byte[]> chunk : written.entrySet()) {
                assertThat(reader.read(chunk.getKey(), ChunkKind.DATA)).isEqualTo(chunk.getValue());
            }
            int records = 0;
            for (PackEntry entry : site.entries()) {
                records += reader.verifyPack(entry.id());
            }
            assertThat(records).isEqualTo(written.size());
        }
    }

    private PackReader reader() {
        return new PackReader(site, site, ID_KEY, AEADS, 1 << 20);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }
}
