package sago.sender.upload;

import java.util.concurrent.CompletionStage;
import sago.common.net.TcpState;
import sago.common.proto.Commit;
import sago.common.proto.PackStates;
import sago.common.proto.PackStatus;
import sago.common.protocol.MessageFrame;

/**
 * One live connection of an upload session. It takes slices from the {@link Transmitter} by itself, as credit and socket
 * allow. Every method may be called from any thread and returns at once.
 */
interface UploadLink {
    /** Distinct from every other connection of the session, at all times. */
    int id();

    /** Whether it has not ended yet. */
    boolean alive();

    /** There may be something new to take. */
    void wake();

    /** Takes nothing while it rests: enough others work. What it has taken goes on. */
    void rest(boolean resting);

    /** Fails when the connection ends before the answer. */
    CompletionStage<PackStates> status(PackStatus request);

    /** COMMITTED, MISSING or CONFLICT; fails when the connection ends before the answer. */
    CompletionStage<MessageFrame> commit(Commit request);

    /** Ends the connection; {@link LinkEvents#closed} follows. */
    void close();

    Stats stats();

    /** What holds the connection back now. */
    enum Waiting {
        /** It writes. */
        NOTHING,
        /** Nothing is sealed that it could take. */
        WORK,
        /** The site grants no more: it is busy, or its disk is. */
        CREDIT,
        /** The socket is full: the network or the site does not take more. */
        SOCKET,
        /** The rate is limited. */
        LIMIT,
        /** It was told to {@link #rest}. */
        REST
    }

    /**
     * @param rttNs of the last PING, before it of the handshakes; 0 where unknown
     * @param inflightBytes slices written to the socket and beyond that the site has not granted again
     */
    record Stats(Waiting waiting, long rttNs, TcpState tcp, long inflightBytes) {}
}
