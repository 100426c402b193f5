package sago.sender.catalog;

import com.google.protobuf.ByteString;

/**
 * A manifest as it was, or will be, sent to a site: the same bytes on every try.
 *
 * @param stub signed envelope of the manifest stub
 * @param sealedBody sealed body
 */
public record PreparedManifest(ByteString stub, ByteString sealedBody) {}
