package sago.common.net;

/**
 * What TCP knows of a connection at one moment.
 *
 * @param rttNs round trip, smoothed, with what data wait in buffers on the way
 * @param resentSegments since the connection was made
 */
public record TcpState(long rttNs, long resentSegments) {
    /** Nothing is known. */
    public static final TcpState UNKNOWN = new TcpState(0, 0);
}
