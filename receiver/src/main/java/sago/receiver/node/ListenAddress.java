package sago.receiver.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Where a process listens, as {@code host:port}, {@code [v6]:port} or {@code :port} for every address. Immutable.
 *
 * @param text as the user wrote it
 */
public record ListenAddress(String text, String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** USAGE unless it is one of those forms. */
    public static ListenAddress parse(String text) throws FaultException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        int port = port(text.substring(colon + 1));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon < 0 || port < 0 || port > PORT_MAX || (host.contains(":") && !bracketed)) {
            throw new FaultException(
                    Fault.USAGE, "'" + text + "' is no address to listen on: say host:port, for example 0.0.0.0:7443");
        }
        return new ListenAddress(text, bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    private static int port(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Resolved; USAGE where the name is not known on this machine. */
    public InetSocketAddress resolve() throws FaultException {
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new FaultException(Fault.USAGE, "'" + host + "' is not known on this machine", e);
        }
    }

    /** The same host with the port that was really taken. */
    public String withPort(int taken) {
        return text.substring(0, text.lastIndexOf(':') + 1) + taken;
    }
}
