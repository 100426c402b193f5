package sago.sender.upload;

import com.google.protobuf.ByteString;
import sago.common.id.SessionId;
import sago.common.sign.SigningKey;
import sago.common.trust.DatasetTerms;

/**
 * What a session is opened with, each time with the same session and header.
 *
 * @param grant the verified dataset grant
 * @param header exact bytes of the session header
 * @param sender the key that signs session opens
 */
public record SessionOpening(DatasetTerms grant, SessionId session, ByteString header, SigningKey sender) {}
