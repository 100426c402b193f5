package sago.common.sign;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sago.common.id.Hash;

/**
 * The bytes that are signed: {@code "sago/v1/" role "/" type 0x00} and the SHA-256 of the payload. Role and type hold no zero, so no two
 * inputs collide. The hash keeps signing and verifying a manifest of many packs in constant memory: Ed25519 reads its input twice.
 */
final class SignedInput {
    private SignedInput() {}

    static byte[] of(SignerRole role, SignedType type, ByteString payload) {
        byte[] prefix = ("sago/v1/" + role.label() + "/" + type.label() + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer input = ByteBuffer.allocate(prefix.length + Hash.BYTES).put(prefix);
        Hashes.sha256(payload).write(input);
        return input.array();
    }
}
