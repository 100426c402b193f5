package sago.sender.seal;

import com.google.protobuf.ByteString;
import sago.common.secret.SecretBytes;

/**
 * A fresh session key, and the header from which only the key holder gets it back. The key is never written anywhere else; whoever holds this
 * record closes the key when the session ends.
 *
 * @param header exact bytes of the SessionHeader message; public
 * @param key 32 bytes
 */
public record SealedSession(ByteString header, SecretBytes key) {}
