package sago.receiver.store;

import com.google.protobuf.ByteString;

/**
 * A manifest with its bytes, which are those that were committed. Immutable.
 *
 * @param stub SignedEnvelope bytes
 * @param body sealed body; empty once it has expired
 */
public record StoredManifest(CommittedManifest commit, ByteString stub, ByteString body) {}
