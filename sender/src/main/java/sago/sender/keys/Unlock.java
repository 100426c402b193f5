package sago.sender.keys;

import sago.common.secret.SecretBytes;

/** What a key holder shows to open a vault. Whoever made it closes the secrets in it. */
public sealed interface Unlock {
    /** @param utf8 the passphrase as UTF-8, without a line's end */
    record Passphrase(SecretBytes utf8) implements Unlock {}

    /** @param content all bytes of the key file, at least 32 */
    record KeyFile(SecretBytes content) implements Unlock {
        static final int BYTES_MIN = 32;
    }

    record RecoveryKit(Kit kit) implements Unlock {}
}
