package sago.sender.keys;

import sago.common.secret.SecretBytes;
import sago.sender.proto.KeySlot;

/** The root key, and the slot that it came out of. Whoever holds this closes the root key. */
record OpenedSlot(SecretBytes root, KeySlot slot) {}
