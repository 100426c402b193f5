package sago.sender.keys;

import com.google.protobuf.ByteString;

/** The newest keyring as sites store it: a verified SignedEnvelope, and its counter. */
public record StoredKeyring(ByteString envelope, long counter) {}
