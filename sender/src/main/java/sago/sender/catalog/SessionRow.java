package sago.sender.catalog;

import com.google.protobuf.ByteString;
import sago.common.id.Hash;
import sago.common.id.SessionId;

/**
 * A session as the catalog keeps it.
 *
 * @param firstHeader SHA-256 of its first header, which manifests name
 * @param header its newest header
 */
public record SessionRow(SessionId session, Hash firstHeader, ByteString header) {}
