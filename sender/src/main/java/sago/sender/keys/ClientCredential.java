package sago.sender.keys;

import com.google.protobuf.ByteString;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;

/**
 * What a client shows to a site.
 *
 * @param grantEnvelope a signed dataset grant for role append, a signed client grant for the others, empty for the kit's client
 */
public record ClientCredential(ClientRole role, TlsIdentity tls, ByteString grantEnvelope) {}
