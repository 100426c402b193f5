package sago.sender.catalog;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.SessionId;

/**
 * A session header that the vault re-sealed.
 *
 * @param proof of the vault, without which nobody may deliver the header to a site
 */
public record ResealedHeader(SessionId session, ByteString header, Hash proof) {}
