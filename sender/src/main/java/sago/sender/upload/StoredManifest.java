package sago.sender.upload;

import com.google.protobuf.ByteString;

/**
 * A snapshot as a site stores it. Nothing of it is verified.
 *
 * @param stub signed envelope of the manifest stub
 * @param body sealed body
 * @param receipt signed envelope of the commit's receipt
 */
public record StoredManifest(ByteString stub, ByteString body, ByteString receipt) {}
