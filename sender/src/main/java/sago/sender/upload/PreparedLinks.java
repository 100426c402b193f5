package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Connections that are made while another one opens the session: over distance each of their steps takes a round trip, and all but the last
 * need nothing of the session. Confined to the session's {@link Control}.
 */
final class PreparedLinks {
    private final UploadDialer dialer;
    private final LinkEvents events;
    private final Queue<CompletionStage<UploadDialer.Prepared>> waiting = new ArrayDeque<>();

    PreparedLinks(UploadDialer dialer, LinkEvents events) {
        this.dialer = dialer;
        this.events = events;
    }

    /** Begins to make so many, less those that wait already. */
    void prepare(int wanted) {
        while (waiting.size() < wanted) {
            waiting.add(dialer.prepare(events));
        }
    }

    /** Joins the session with one of them, or with a new one. */
    CompletionStage<UploadLink> attach(ByteString token) {
        CompletionStage<UploadDialer.Prepared> link = waiting.poll();
        return (link == null ? dialer.prepare(events) : link).thenCompose(prepared -> prepared.attach(token));
    }

    /** Closes those that wait, and those that are still being made once they are. */
    void close() {
        waiting.forEach(link -> link.thenAccept(UploadDialer.Prepared::close));
        waiting.clear();
    }
}
