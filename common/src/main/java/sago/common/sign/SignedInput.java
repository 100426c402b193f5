package sago.common.sign;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/** The bytes that are signed: {@code "sago/v1/" role "/" type 0x00 payload}. Role and type hold no zero, so no two inputs collide. */
final class SignedInput {
    private SignedInput() {}

    static byte[] of(SignerRole role, SignedType type, ByteString payload) {
        byte[] prefix = ("sago/v1/" + role.label() + "/" + type.label() + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] input = new byte[prefix.length + payload.size()];
        System.arraycopy(prefix, 0, input, 0, prefix.length);
        payload.copyTo(input, prefix.length);
        return input;
    }
}
