package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * An "invisible salamander": one segment whose GCM tag is right under two keys (Dodis, Grubbs, Ristenpart, Woodage 2018). Plain GCM opens it
 * with either; FLOE must refuse the second key by the header before GCM is asked.
 *
 * <p>GHASH is linear in every ciphertext block, so one block can be solved for such that both keys give the same tag.
 */
final class KeyCommitmentTest {
    private static final int SEGMENT_BYTES = 4096;
    private static final byte[] AAD = {5};
    private static final byte[] SEGMENT_AAD = FloeKeys.segmentAad(0, true);
    private static final byte[] SEGMENT_IV = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 5};

    private final SecretBytes first = SecretBytes.of(filled(32, 1));
    private final SecretBytes second = SecretBytes.of(filled(32, 2));
    private final FloeParameters parameters = FloeParameters.of(SEGMENT_BYTES);
    private final Aead aead = AeadProviders.available().get(0).aead();

    @Test
    void refusesSecondKeyOfSegmentThatOpensUnderTwo() throws Exception {
        byte[] header;
        try (FloeSealer sealer = new FloeSealer(first, AAD, parameters, new FixedRandom(filled(32, 9)), aead)) {
            header = sealer.header();
        }
        FloeKeys keysOfFirst = new FloeKeys(first, parameters, filled(32, 9), AAD);
        FloeKeys keysOfSecond = new FloeKeys(second, parameters, filled(32, 9), AAD);
        byte[] forged = salamander(keysOfFirst.segmentKey(0), keysOfSecond.segmentKey(0));

        // The control: GCM alone is fooled.
        byte[] underFirst = openPlain(keysOfFirst.segmentKey(0), forged);
        byte[] underSecond = openPlain(keysOfSecond.segmentKey(0), forged);
        assertThat(underFirst).isNotEqualTo(underSecond);

        ByteBuffer segment = ByteBuffer.allocate(Integer.BYTES + Aead.IV_BYTES + forged.length);
        segment.putInt(segment.capacity()).put(SEGMENT_IV).put(forged).flip();
        ByteBuffer opened = ByteBuffer.allocate(underFirst.length);
        new FloeOpener(first, AAD, parameters, header).open(aead, 0, true, segment.duplicate(), opened);
        assertThat(opened.array()).isEqualTo(underFirst);
        assertThatThrownBy(() -> new FloeOpener(second, AAD, parameters, header))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INTEGRITY));
    }

    private byte[] openPlain(SecretBytes key, byte[] sealed) throws FaultException {
        ByteBuffer plain = ByteBuffer.allocate(sealed.length - Aead.TAG_BYTES);
        aead.key(key);
        aead.open(SEGMENT_IV, SEGMENT_AAD, ByteBuffer.wrap(sealed), plain);
        return plain.array();
    }

    /** Two blocks of ciphertext and a tag that both keys accept: the first block is free, the second is solved for. */
    private static byte[] salamander(SecretBytes keyA, SecretBytes keyB) throws GeneralSecurityException {
        BigInteger hashA = block(encrypt(keyA, new byte[16]));
        BigInteger hashB = block(encrypt(keyB, new byte[16]));
        BigInteger maskA = block(encrypt(keyA, counterBlock()));
        BigInteger maskB = block(encrypt(keyB, counterBlock()));
        BigInteger free = block(filled(16, 77));
        BigInteger tagA = tag(hashA, maskA, free, BigInteger.ZERO);
        BigInteger tagB = tag(hashB, maskB, free, BigInteger.ZERO);
        BigInteger weight = times(hashA, hashA).xor(times(hashB, hashB));
        BigInteger solved = times(tagA.xor(tagB), inverse(weight));
        assertThat(tag(hashA, maskA, free, solved)).isEqualTo(tag(hashB, maskB, free, solved));
        return ByteBuffer.allocate(48)
                .put(bytes(free))
                .put(bytes(solved))
                .put(bytes(tag(hashA, maskA, free, solved)))
                .array();
    }

    /** GHASH over associated data, two ciphertext blocks and the lengths, masked. */
    private static BigInteger tag(BigInteger hash, BigInteger mask, BigInteger block1, BigInteger block2) {
        BigInteger lengths = block(ByteBuffer.allocate(16)
                .putLong(SEGMENT_AAD.length * 8L)
                .putLong(32 * 8L)
                .array());
        BigInteger sum = BigInteger.ZERO;
        for (BigInteger block : new BigInteger[] {block(Arrays.copyOf(SEGMENT_AAD, 16)), block1, block2, lengths}) {
            sum = times(sum.xor(block), hash);
        }
        return sum.xor(mask);
    }

    /** GCM's field: bit 0 of a block is its most significant, so multiplying by x shifts right; x^128 = x^7 + x^2 + x + 1. */
    private static BigInteger times(BigInteger a, BigInteger b) {
        BigInteger reduction = BigInteger.valueOf(0xe1).shiftLeft(120);
        BigInteger product = BigInteger.ZERO;
        BigInteger power = b;
        for (int bit = 127; bit >= 0; bit--) {
            if (a.testBit(bit)) {
                product = product.xor(power);
            }
            boolean carry = power.testBit(0);
            power = power.shiftRight(1);
            if (carry) {
                power = power.xor(reduction);
            }
        }
        return product;
    }

    /** a^(2^128 - 2). */
    private static BigInteger inverse(BigInteger a) {
        BigInteger result = BigInteger.ONE.shiftLeft(127);
        BigInteger square = a;
        for (int i = 1; i < 128; i++) {
            square = times(square, square);
            result = times(result, square);
        }
        return result;
    }

    private static byte[] counterBlock() {
        return ByteBuffer.allocate(16).put(SEGMENT_IV).putInt(1).array();
    }

    private static byte[] encrypt(SecretBytes key, byte[] block) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.reveal(), "AES"));
        return cipher.doFinal(block);
    }

    private static BigInteger block(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    private static byte[] bytes(BigInteger block) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) {
            bytes[15 - i] = block.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
