package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletionStage;
import sago.common.proto.Opened;

/** Makes the connections of an upload session. Both stages end, with a fault at the latest when a deadline passes. */
interface UploadDialer {
    /** Connects and opens the session, or opens it again: always with the same session id and header. */
    CompletionStage<Start> open(LinkEvents events);

    /** Connects and joins the session that is open. */
    CompletionStage<UploadLink> attach(ByteString token, LinkEvents events);

    /** A connection that opened the session, and what the site said. */
    record Start(UploadLink link, Opened opened) {}
}
