package sago.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.limits.Limits;
import sago.common.merkle.MerkleHasher;
import sago.common.secret.Hmac;
import sago.common.secret.SecretBytes;
import sago.sender.backup.BackupResult;
import sago.sender.pack.ChunkId;
import sago.sender.pack.ChunkKind;
import sago.sender.seal.AeadProviders;

/** Each benchmark, called once: its result is right, and its reference did the same work. */
class StepsTest {
    private static final int LAST_CHUNK = Corpus.BYTES - Corpus.CHUNK_BYTES;

    @Test
    void readsTheWholeFileInEveryWay() throws Exception {
        ReadStep step = new ReadStep();
        step.open();
        try {
            byte[] noise = Corpus.noise(Corpus.BYTES);
            assertThat(step.heap()).isEqualTo(ByteBuffer.wrap(noise));
            assertThat(step.direct()).isEqualTo(ByteBuffer.wrap(noise));
            ByteBuffer last = step.dd().clear();
            assertThat(last).isEqualTo(ByteBuffer.wrap(noise, LAST_CHUNK, Corpus.CHUNK_BYTES));
        } finally {
            step.close();
        }
    }

    @Test
    void cutsWhereThePublishedAlgorithmCuts() {
        ChunkStep step = new ChunkStep();
        assertThat(step.fastcdc()).isEqualTo(step.plain());
        assertThat(step.copy()).isEqualTo(Corpus.noise(Corpus.BYTES));
    }

    @Test
    void namesChunksByHmac() {
        ChunkIdStep step = new ChunkIdStep();
        byte[] noise = Corpus.noise(Corpus.BYTES);
        byte[] message = new byte[Corpus.CHUNK_BYTES + 1];
        message[0] = (byte) ChunkKind.DATA.wireId();
        System.arraycopy(noise, LAST_CHUNK, message, 1, Corpus.CHUNK_BYTES);
        assertThat(step.hmac()).isEqualTo(ChunkId.of(Hmac.sha256(SecretBytes.of(Corpus.noise(32)), message)));
        assertThat(step.sha256())
                .isEqualTo(Digests.sha256().digest(Arrays.copyOfRange(noise, LAST_CHUNK, Corpus.BYTES)));
    }

    @Test
    void compressesLogsAsItsCodecsDoAndLeavesNoiseAlone() {
        CompressStep logs = new CompressStep();
        logs.choose("logs");
        assertThat(logs.senderLz4()).isEqualTo(logs.lz4());
        assertThat(logs.lz4() / (double) Corpus.BYTES).isBetween(0.3, 0.5);
        assertThat(logs.zstd()).isLessThan(logs.lz4());
        assertThat((double) logs.senderZstd()).isBetween(logs.zstd() * 0.99, logs.zstd() * 1.01);
        logs.close();
        CompressStep noise = new CompressStep();
        noise.choose("noise");
        assertThat(noise.senderLz4()).isEqualTo(Corpus.BYTES);
        assertThat(noise.lz4()).isGreaterThan(Corpus.BYTES);
        noise.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {65536, 262144, 1048576})
    void opensWhatItSealed(int segmentBytes) throws Exception {
        assertThat(Ciphers.names()).contains("sunjce").hasSameSizeAs(AeadProviders.available());
        for (String provider : Ciphers.names()) {
            OpenStep step = new OpenStep();
            step.choose(provider, segmentBytes);
            ByteBuffer floe = step.floe();
            byte[] byCipher = new byte[floe.remaining()];
            for (int segment = 0; segment < Corpus.BYTES / segmentBytes; segment++) {
                ByteBuffer plain = step.plain(segment);
                int at = segment * plain.remaining();
                assertThat(floe.slice(at, plain.remaining())).isEqualTo(plain);
            }
            floe.get(byCipher);
            assertThat(step.cipher()).isEqualTo(ByteBuffer.wrap(byCipher));
        }
    }

    @Test
    void hashesTheSameSlices() {
        MerkleStep step = new MerkleStep();
        ByteBuffer last = step.slice(Corpus.BYTES - Limits.SEGMENT_BYTES);
        byte[] bytes = new byte[last.remaining()];
        last.duplicate().get(bytes);
        assertThat(step.merkle()).isEqualTo(new MerkleHasher().slice(ByteBuffer.wrap(bytes)));
        assertThat(step.sha256()).isEqualTo(Digests.sha256().digest(bytes));
    }

    @Test
    void packsEveryByteOnce() throws Exception {
        PackStep step = new PackStep();
        step.parts();
        step.builder();
        // Record headers make the eight chunks longer; the last segment is not full yet.
        assertThat(step.slices()).isEqualTo(Corpus.BYTES / Limits.SEGMENT_BYTES);
    }

    @Test
    void framesArriveWhole() {
        FrameStep step = new FrameStep();
        assertThat(step.frames()).isEqualTo(Corpus.BYTES);
        assertThat(step.checksums()).isNotZero();
        step.close();
    }

    @Test
    void tlsCarriesTheBytesBothWays() throws Exception {
        TlsStep step = new TlsStep();
        step.connect();
        assertThat(step.tcnative()).isEqualTo(step.plain());
        assertThat(step.jdk()).isEqualTo(step.plain());
    }

    @Test
    void sitesAndPlainFilesTakeAWholePack() throws Exception {
        StoreStep step = new StoreStep();
        step.open();
        try {
            assertThat(step.site().pack().length()).isEqualTo(StoreStep.PACK_BYTES);
            assertThat(step.site().sequence()).isPositive();
            assertThat(step.durable()).doesNotExist();
            assertThat(step.plain()).doesNotExist();
        } finally {
            step.close();
        }
    }

    @Test
    void findsWhatIsPresentAndNothingElse() throws Exception {
        IndexStep step = new IndexStep();
        step.choose(2048);
        try {
            assertThat(step.absent()).isZero();
            assertThat(step.present()).isEqualTo(step.memory()).isEqualTo(IndexStep.CHUNKS);
            step.insert();
        } finally {
            step.close();
        }
    }

    @Test
    void backsUpTheWholeFile() throws Exception {
        PathStep step = new PathStep();
        int bytes = 2 * Limits.PACK_BYTES;
        step.choose("noise", bytes);
        try {
            PathStep.Allocation allocation = new PathStep.Allocation();
            BackupResult result = step.worker2(allocation);
            assertThat(result.snapshot().body().getBytes()).isEqualTo(bytes);
            assertThat(result.packs()).isGreaterThanOrEqualTo(bytes / Limits.PACK_BYTES);
            assertThat(allocation.allocatedBytes).isPositive();
            assertThat(step.pieces()).isGreaterThanOrEqualTo(bytes / Limits.SEGMENT_BYTES);
        } finally {
            step.end();
            step.delete();
        }
    }
}
