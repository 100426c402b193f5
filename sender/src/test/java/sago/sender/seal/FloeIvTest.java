package sago.sender.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import sago.common.secret.KernelRandom;
import sago.common.secret.SecretBytes;

/** No IV repeats, under whatever key: stronger than GCM asks for, and at 96 random bits not to be expected in this many. */
final class FloeIvTest {
    private static final int THREADS = 4;
    private static final int MESSAGES = 25;
    private static final int SEGMENTS = 1000;
    private static final int SEGMENT_BYTES = 33;

    @Test
    void neverRepeatsAnIv() throws Exception {
        SecureRandom random = KernelRandom.create();
        SecretBytes key = SecretBytes.random(32, random);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Set<ByteBuffer> ivs = new HashSet<>();
        Set<ByteBuffer> messageIvs = new HashSet<>();
        try {
            List<Callable<List<byte[]>>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                tasks.add(() -> sealMany(key, random));
            }
            for (Future<List<byte[]>> sealed : threads.invokeAll(tasks)) {
                for (byte[] message : sealed.get()) {
                    collect(message, messageIvs, ivs);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ivs).hasSize(THREADS * MESSAGES * SEGMENTS);
        assertThat(messageIvs).hasSize(THREADS * MESSAGES);
    }

    private static List<byte[]> sealMany(SecretBytes key, SecureRandom random) {
        Aead aead = AeadProviders.available().get(0).aead();
        List<byte[]> messages = new ArrayList<>();
        for (int message = 0; message < MESSAGES; message++) {
            ByteBuffer target = ByteBuffer.allocate(FloeParameters.HEADER_BYTES + SEGMENTS * SEGMENT_BYTES);
            try (FloeSealer sealer = new FloeSealer(key, new byte[80], SEGMENT_BYTES, random, aead)) {
                target.put(sealer.header());
                for (int i = 0; i < SEGMENTS; i++) {
                    sealer.seal(ByteBuffer.allocate(1), i == SEGMENTS - 1, target);
                }
            }
            messages.add(target.array());
        }
        return messages;
    }

    private static void collect(byte[] bytes, Set<ByteBuffer> messageIvs, Set<ByteBuffer> ivs) {
        int ivEnd = FloeParameters.BYTES + FloeParameters.IV_BYTES;
        messageIvs.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, FloeParameters.BYTES, ivEnd)));
        for (int i = 0; i < SEGMENTS; i++) {
            int from = FloeParameters.HEADER_BYTES + i * SEGMENT_BYTES + Integer.BYTES;
            ivs.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + Aead.IV_BYTES)));
        }
    }
}
