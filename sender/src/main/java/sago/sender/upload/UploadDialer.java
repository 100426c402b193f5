package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletionStage;
import sago.common.proto.Opened;

/** Makes the connections of an upload session. Every stage ends, with a fault at the latest when a deadline passes. */
interface UploadDialer {
    /**
     * Connects and opens the session, or opens it again: always with the same session id and header. As soon as the site is reached
     * {@link LinkEvents#reached} says how far it is.
     */
    CompletionStage<Start> open(LinkEvents events);

    /** Connects as far as is possible before the session is open. */
    CompletionStage<Prepared> prepare(LinkEvents events);

    /** A connection that lacks nothing but the token of the session. Any thread. */
    interface Prepared {
        /** Joins the session that is open; fails where the connection has ended meanwhile. */
        CompletionStage<UploadLink> attach(ByteString token);

        void close();
    }

    /** A connection that opened the session, and what the site said. */
    record Start(UploadLink link, Opened opened) {}
}
