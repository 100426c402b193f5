package sago.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.protocol.FrameDecoder;
import sago.common.protocol.FrameEncoder;
import sago.common.protocol.Peer;
import sago.common.protocol.SliceFrame;

/** Makes frames of slices and reads them again, without a socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FrameStep {
    /** Plaintext of one TLS record: how bytes arrive at a site. */
    private static final int RECORD_BYTES = 16 << 10;

    private static final PackId PACK = new PackId(1, 2);

    private final ByteBuffer image = ByteBuffer.allocateDirect(Corpus.BYTES)
            .put(Corpus.noise(Corpus.BYTES))
            .flip();
    private final ByteBuffer copied = ByteBuffer.allocateDirect(Limits.SEGMENT_BYTES);
    private final EmbeddedChannel sender = new EmbeddedChannel(new FrameEncoder(Peer.CLIENT));
    private final EmbeddedChannel site = new EmbeddedChannel(decoder());

    private static FrameDecoder decoder() {
        FrameDecoder decoder = FrameDecoder.ofClientFrames();
        decoder.authenticated();
        return decoder;
    }

    @TearDown
    public void close() {
        sender.finishAndReleaseAll();
        site.finishAndReleaseAll();
    }

    /** As both ends, from image to the buffer that is stored. Bytes that arrived. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long frames() {
        long arrived = 0;
        for (int at = 0; at < Corpus.BYTES; at += Limits.SEGMENT_BYTES) {
            sender.writeOutbound(new SliceFrame(PACK, at / Limits.SEGMENT_BYTES, Unpooled.wrappedBuffer(slice(at))));
            for (ByteBuf part = sender.readOutbound(); part != null; part = sender.readOutbound()) {
                deliver(part);
            }
            SliceFrame frame = site.readInbound();
            arrived += frame.bytes().readableBytes();
            frame.release();
        }
        return arrived;
    }

    /** Reference: a checksum at each end and one copy. The last checksum. */
    @Benchmark
    @OperationsPerInvocation(Corpus.BYTES)
    public long checksums() {
        CRC32C crc = new CRC32C();
        for (int at = 0; at < Corpus.BYTES; at += Limits.SEGMENT_BYTES) {
            crc.reset();
            crc.update(slice(at));
            copied.clear().put(slice(at)).flip();
            crc.reset();
            crc.update(copied);
        }
        return crc.getValue();
    }

    private void deliver(ByteBuf bytes) {
        while (bytes.readableBytes() > RECORD_BYTES) {
            site.writeInbound(bytes.readRetainedSlice(RECORD_BYTES));
        }
        site.writeInbound(bytes);
    }

    private ByteBuffer slice(int at) {
        return image.duplicate().position(at).limit(at + Limits.SEGMENT_BYTES);
    }
}
