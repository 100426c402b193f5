package sago.common.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.proto.Commit;
import sago.common.proto.Credit;
import sago.common.proto.Hello;
import sago.common.proto.PackEnd;
import sago.common.proto.Ping;

final class FrameCodecTest {
    private static final PackId PACK = PackId.parse("000102030405060708090a0b0c0d0e0f");

    @Test
    void writesTheFrameOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(encode(Peer.CLIENT, MessageFrame.of(ping(42)))))
                .isEqualTo("00000002" + "09000000" + crcHex("082a") + "082a");
        assertThat(HexFormat.of().formatHex(encode(Peer.CLIENT, new SliceFrame(PACK, 7, payload(3)))))
                .isEqualTo("0000001b" + "15000000" + crcHex("000102030405060708090a0b0c0d0e0f0000000700000000000102")
                        + "000102030405060708090a0b0c0d0e0f" + "00000007" + "00000000" + "000102");
        assertThat(HexFormat.of().formatHex(encode(Peer.SITE, new DataFrame(258, payload(2)))))
                .isEqualTo("0000000a" + "29000000" + crcHex("00000000000001020001") + "0000000000000102" + "0001");
    }

    @Test
    void knowsTheChecksumOfTheSpecification() {
        // The check value of CRC-32C (Castagnoli) for "123456789".
        CRC32C crc = new CRC32C();
        FrameHeader.update(crc, Unpooled.wrappedBuffer("1234".getBytes(US_ASCII), "56789".getBytes(US_ASCII)));
        assertThat(crc.getValue()).isEqualTo(0xE3069283L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAFrameCutAtEveryByte(boolean direct) {
        byte[] slice = encode(Peer.CLIENT, new SliceFrame(PACK, 3, payload(100)));
        byte[] ping = encode(Peer.CLIENT, MessageFrame.of(ping(0)));
        byte[] both = concat(slice, ping);
        for (int cut = 0; cut <= both.length; cut++) {
            EmbeddedChannel channel = site();
            channel.writeInbound(buffer(direct, both, 0, cut));
            channel.writeInbound(buffer(direct, both, cut, both.length));
            SliceFrame read = channel.readInbound();
            assertThat(read.pack()).isEqualTo(PACK);
            assertThat(read.slice()).isEqualTo(3);
            assertThat(ByteBufUtil.getBytes(read.bytes())).isEqualTo(ByteBufUtil.getBytes(payload(100)));
            read.release();
            assertThat(read.bytes().refCnt()).isZero();
            MessageFrame message = channel.readInbound();
            assertThat(message.as(Ping.class)).isEqualTo(ping(0));
            channel.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8191, 8192, 8193, 16384, Limits.SEGMENT_BYTES_MAX})
    void carriesSlicesOfEveryLength(int length) {
        EmbeddedChannel channel = site();
        byte[] encoded = encode(Peer.CLIENT, new SliceFrame(PACK, 0, payload(length)));
        channel.writeInbound(Unpooled.wrappedBuffer(encoded));
        SliceFrame read = channel.readInbound();
        assertThat(read.bodyBytes()).isEqualTo(encoded.length - FrameHeader.BYTES);
        assertThat(read.bytes().readableBytes()).isEqualTo(length);
        assertThat(ByteBufUtil.equals(read.bytes(), payload(length))).isTrue();
        read.release();
        channel.finish();
    }

    @Test
    void takesNoMemoryForALengthBeyondTheBoundOfItsType() {
        EmbeddedChannel channel = site();
        assertFault(channel, header(FrameHeader.SLICE_HEAD_BYTES + Limits.SEGMENT_BYTES_MAX + 1, 21, 0), Fault.LIMIT);
        assertFault(site(), header(-1, 21, 0), Fault.LIMIT);
        assertFault(site(), header(Integer.MAX_VALUE, 26, 0), Fault.LIMIT);
        assertFault(site(), header(Limits.COMMIT_BYTES_MAX + 1, 26, 0), Fault.LIMIT);
    }

    @Test
    void boundsStrangersMoreTightly() {
        EmbeddedChannel stranger = new EmbeddedChannel(FrameDecoder.ofClientFrames());
        assertFault(stranger, header(Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX + 1, 26, 0), Fault.LIMIT);
        EmbeddedChannel known = site();
        known.writeInbound(header(Limits.MESSAGE_BYTES_UNAUTHENTICATED_MAX + 1, 26, 0));
        assertThat(known.<Object>readInbound()).isNull();
        assertThatThrownBy(known::finish).isInstanceOf(FaultException.class);
    }

    @Test
    void refusesUnknownAndForeignTypes() {
        assertFault(site(), header(0, 0, 0), Fault.PROTOCOL);
        assertFault(site(), header(0, 12, 0), Fault.PROTOCOL);
        assertFault(site(), header(0, 255, 0), Fault.PROTOCOL);
        assertFault(site(), header(0, FrameType.WELCOME.wireId(), 0), Fault.PROTOCOL);
        assertFault(new EmbeddedChannel(FrameDecoder.ofSiteFrames()), header(0, 21, 0), Fault.PROTOCOL);
    }

    @Test
    void refusesReservedBytesThatAreNotZero() {
        for (int bit = 0; bit < 24; bit++) {
            assertFault(site(), header(0, 9, 1 << bit), Fault.PROTOCOL);
        }
        byte[] slice = encode(Peer.CLIENT, new SliceFrame(PACK, 0, payload(1)));
        slice[FrameHeader.BYTES + 23] = 1;
        assertFault(site(), Unpooled.wrappedBuffer(withChecksum(slice)), Fault.PROTOCOL);
    }

    @Test
    void noticesEveryFlippedBit() {
        byte[] good = encode(
                Peer.CLIENT,
                MessageFrame.of(PackEnd.newBuilder().setLength(65536).build()));
        for (int bit = FrameHeader.CRC_OFFSET * 8; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFault(site(), Unpooled.wrappedBuffer(bad), Fault.INTEGRITY);
        }
    }

    @Test
    void refusesBodiesThatAreNoMessage() {
        assertFault(site(), Unpooled.wrappedBuffer(withChecksum(frame(9, "ffff"))), Fault.PROTOCOL);
        assertFault(site(), Unpooled.wrappedBuffer(withChecksum(frame(21, "00".repeat(24)))), Fault.PROTOCOL);
        assertFault(site(), Unpooled.wrappedBuffer(withChecksum(frame(21, "00"))), Fault.PROTOCOL);
        EmbeddedChannel client = new EmbeddedChannel(FrameDecoder.ofSiteFrames());
        assertFault(client, Unpooled.wrappedBuffer(withChecksum(frame(41, "00".repeat(8)))), Fault.PROTOCOL);
    }

    @Test
    void staysFailedAndDropsWhatFollows() {
        EmbeddedChannel channel = site();
        assertFault(channel, header(0, 255, 0), Fault.PROTOCOL);
        ByteBuf good = Unpooled.wrappedBuffer(encode(Peer.CLIENT, MessageFrame.of(ping(1))));
        assertThat(channel.writeInbound(good)).isFalse();
        assertThat(good.refCnt()).isZero();
        assertThat(channel.finish()).isFalse();
    }

    @Test
    void tellsThatTheConnectionEndedInsideAFrame() {
        byte[] encoded = encode(Peer.CLIENT, new SliceFrame(PACK, 0, payload(50)));
        for (int cut = 1; cut < encoded.length; cut++) {
            EmbeddedChannel channel = site();
            channel.writeInbound(Unpooled.wrappedBuffer(encoded, 0, cut));
            assertThatThrownBy(channel::finish)
                    .isInstanceOfSatisfying(
                            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.CONNECTION_LOST));
        }
    }

    @Test
    void survivesRandomBytes() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            EmbeddedChannel channel = site();
            byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            ByteBuf bytes = Unpooled.wrappedBuffer(noise);
            try {
                channel.writeInbound(bytes);
                channel.finishAndReleaseAll();
            } catch (Exception e) {
                assertThat(e).as("seed %d, case %d", seed, i).isInstanceOf(FaultException.class);
            }
            assertThat(bytes.refCnt()).as("seed %d, case %d", seed, i).isZero();
        }
    }

    @Test
    void releasesAPayloadThatItMayNotSend() {
        ByteBuf bytes = payload(10);
        EmbeddedChannel site = new EmbeddedChannel(new FrameEncoder(Peer.SITE));
        assertThatThrownBy(() -> site.writeOutbound(new SliceFrame(PACK, 0, bytes)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(bytes.refCnt()).isZero();
        ByteBuf large = payload(Limits.SEGMENT_BYTES_MAX + 1);
        EmbeddedChannel client = new EmbeddedChannel(new FrameEncoder(Peer.CLIENT));
        assertThatThrownBy(() -> client.writeOutbound(new SliceFrame(PACK, 0, large)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void writesASliceWithoutCopyingIt() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder(Peer.CLIENT));
        ByteBuf bytes = payload(1000);
        channel.writeOutbound(new SliceFrame(PACK, 0, bytes));
        ByteBuf head = channel.readOutbound();
        ByteBuf body = channel.readOutbound();
        assertThat(body).isSameAs(bytes);
        head.release();
        body.release();
        channel.finish();
    }

    @Test
    void growsALargeMessageAsItsBytesArrive() {
        Commit commit = Commit.newBuilder()
                .setStub(ByteString.copyFrom(new byte[3 << 20]))
                .build();
        EmbeddedChannel channel = site();
        channel.writeInbound(Unpooled.wrappedBuffer(encode(Peer.CLIENT, MessageFrame.of(commit))));
        MessageFrame read = channel.readInbound();
        assertThat(read.as(Commit.class)).isEqualTo(commit);
        channel.finish();
    }

    @Test
    void saysWhoMaySendWhat() {
        assertThat(FrameType.SLICE.isAllowedFor(ClientRole.APPEND)).isTrue();
        assertThat(FrameType.SLICE.isAllowedFor(ClientRole.RESTORE)).isFalse();
        assertThat(FrameType.READ.isAllowedFor(ClientRole.APPEND)).isFalse();
        assertThat(FrameType.HELLO.isAllowedFor(ClientRole.APPEND)).isFalse();
        assertThat(FrameType.of(Credit.getDefaultInstance())).isEqualTo(FrameType.CREDIT);
        assertThatThrownBy(() -> new MessageFrame(FrameType.OPEN, Hello.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static EmbeddedChannel site() {
        FrameDecoder decoder = FrameDecoder.ofClientFrames();
        decoder.authenticated();
        return new EmbeddedChannel(decoder);
    }

    private static void assertFault(EmbeddedChannel channel, ByteBuf bytes, Fault fault) {
        assertThatThrownBy(() -> channel.writeInbound(bytes))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(fault));
        assertThat(bytes.refCnt()).isZero();
        assertThat(channel.<Object>readInbound()).isNull();
    }

    private static byte[] encode(Peer peer, Frame frame) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameEncoder(peer));
        channel.writeOutbound(frame);
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        channel.finish();
        return ByteBufUtil.getBytes(all);
    }

    private static Ping ping(long id) {
        return Ping.newBuilder().setId(id).build();
    }

    private static ByteBuf payload(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf buffer(boolean direct, byte[] bytes, int from, int to) {
        ByteBuf buffer = direct ? Unpooled.directBuffer(to - from) : Unpooled.buffer(to - from);
        return buffer.writeBytes(bytes, from, to - from);
    }

    private static ByteBuf header(int length, int type, int reserved) {
        return Unpooled.buffer()
                .writeInt(length)
                .writeInt(type << 24 | reserved)
                .writeInt(0);
    }

    private static byte[] frame(int type, String bodyHex) {
        byte[] body = HexFormat.of().parseHex(bodyHex);
        return ByteBufUtil.getBytes(Unpooled.buffer()
                .writeInt(body.length)
                .writeInt(type << 24)
                .writeInt(0)
                .writeBytes(body));
    }

    private static byte[] withChecksum(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, FrameHeader.BYTES, frame.length - FrameHeader.BYTES);
        return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frame).setInt(FrameHeader.CRC_OFFSET, (int) crc.getValue()));
    }

    private static String crcHex(String bodyHex) {
        CRC32C crc = new CRC32C();
        crc.update(HexFormat.of().parseHex(bodyHex));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
