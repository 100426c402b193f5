package sago.sender.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * {@link Aead} on one {@code Cipher} of a Java provider. Always a one-shot {@code doFinal}: some providers gather parts in memory, and
 * some release text before the tag. Confined to one thread.
 */
final class JceAead implements Aead {
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final Cipher cipher;
    private @Nullable SecretKeySpec key;

    /** The very array that the key was made of: segment after segment comes with the same secret, whose bytes change only when it is closed. */
    private byte @Nullable [] keyed;

    private @Nullable ByteBuffer scratch;

    JceAead(Provider provider) {
        try {
            this.cipher = Cipher.getInstance(TRANSFORMATION, provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not to be had from " + provider.getName(), e);
        }
    }

    @Override
    public void key(SecretBytes secret) {
        if (secret.length() != KEY_BYTES) {
            throw new IllegalArgumentException("AES-256 key is not 32 bytes: " + secret.length());
        }
        byte[] bytes = secret.reveal();
        if (bytes != keyed) {
            this.key = new SecretKeySpec(bytes, "AES");
            this.keyed = bytes;
        }
    }

    @Override
    public void seal(byte[] iv, byte[] aad, ByteBuffer plain, ByteBuffer target) {
        requireRoom(target, plain.remaining() + TAG_BYTES);
        try {
            init(Cipher.ENCRYPT_MODE, iv, aad);
            finish(plain, target);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM of " + cipher.getProvider().getName() + " failed to seal", e);
        }
    }

    @Override
    public void open(byte[] iv, byte[] aad, ByteBuffer sealed, ByteBuffer target) throws FaultException {
        int plainBytes = sealed.remaining() - TAG_BYTES;
        if (plainBytes < 0) {
            throw new FaultException(Fault.INTEGRITY, "sealed bytes are shorter than their tag");
        }
        requireRoom(target, plainBytes);
        int start = target.position();
        try {
            init(Cipher.DECRYPT_MODE, iv, aad);
            finish(sealed, target);
        } catch (AEADBadTagException e) {
            wipe(target, start, plainBytes);
            throw new FaultException(
                    Fault.INTEGRITY, "sealed bytes are not what was sealed: their tag does not verify", e);
        } catch (GeneralSecurityException e) {
            wipe(target, start, plainBytes);
            throw new IllegalStateException("AES-GCM of " + cipher.getProvider().getName() + " failed to open", e);
        }
    }

    private void init(int mode, byte[] iv, byte[] aad) throws GeneralSecurityException {
        if (key == null) {
            throw new IllegalStateException("no key was set");
        }
        if (iv.length != IV_BYTES) {
            throw new IllegalArgumentException("IV is not 12 bytes: " + iv.length);
        }
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
        cipher.updateAAD(aad);
    }

    /**
     * Two direct buffers or two arrays go to the provider as they are. A mixed pair goes through a direct buffer that is kept: Conscrypt would
     * allocate one for every call.
     */
    private void finish(ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        if (from.hasArray() && to.hasArray()) {
            finishArrays(from, to);
        } else if (from.isDirect() && to.isDirect()) {
            cipher.doFinal(from, to);
        } else if (from.isDirect()) {
            ByteBuffer direct = direct(from.remaining() + TAG_BYTES);
            cipher.doFinal(from, direct);
            to.put(direct.flip());
        } else {
            cipher.doFinal(direct(from.remaining()).put(from).flip(), to);
        }
    }

    private void finishArrays(ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        int written = cipher.doFinal(
                from.array(),
                from.arrayOffset() + from.position(),
                from.remaining(),
                to.array(),
                to.arrayOffset() + to.position());
        from.position(from.limit());
        to.position(to.position() + written);
    }

    private ByteBuffer direct(int bytes) {
        ByteBuffer buffer = scratch;
        if (buffer == null || buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes);
            scratch = buffer;
        }
        return buffer.clear();
    }

    /** A provider may have written before it looked at the tag. */
    private static void wipe(ByteBuffer target, int start, int bytes) {
        target.position(start);
        for (int i = 0; i < bytes; i++) {
            target.put(start + i, (byte) 0);
        }
    }

    private static void requireRoom(ByteBuffer target, int bytes) {
        if (target.remaining() < bytes) {
            throw new IllegalArgumentException("target has room for " + target.remaining() + " of " + bytes + " bytes");
        }
    }
}
