package sago.sender.seal;

import java.nio.ByteBuffer;
import sago.common.fault.FaultException;
import sago.common.secret.SecretBytes;

/**
 * AES-256-GCM with a 96-bit IV and a 128-bit tag, in one call per message. Fastest over direct buffers that neither overlap nor touch. The
 * caller answers for IVs: only {@link FloeSealer} makes them. Confined to one thread.
 */
public interface Aead {
    int KEY_BYTES = 32;
    int IV_BYTES = 12;
    int TAG_BYTES = 16;

    /** Sets the key of the calls that follow. Borrows it: it must stay open meanwhile. */
    void key(SecretBytes key);

    /**
     * Writes ciphertext and tag of the rest of {@code plain} into {@code target}. Borrows all; both buffers advance.
     *
     * @throws IllegalArgumentException if the target has no room
     */
    void seal(byte[] iv, byte[] aad, ByteBuffer plain, ByteBuffer target);

    /**
     * Checks the tag at the end of {@code sealed} and writes the plaintext into {@code target}. Borrows all; both buffers advance. If the tag
     * is wrong, the target shows nothing of the forged text and stays where it was.
     *
     * @throws FaultException INTEGRITY if this is not what was sealed
     * @throws IllegalArgumentException if the target has no room
     */
    void open(byte[] iv, byte[] aad, ByteBuffer sealed, ByteBuffer target) throws FaultException;
}
