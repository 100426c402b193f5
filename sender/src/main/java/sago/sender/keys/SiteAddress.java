package sago.sender.keys;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Where a site listens: {@code host:port}, or {@code [address]:port} for IPv6. */
public record SiteAddress(String host, int port) {
    private static final int HOST_CHARS_MAX = 255;

    public SiteAddress {
        if (host.isEmpty() || host.length() > HOST_CHARS_MAX || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("no address: " + host + ", port " + port);
        }
    }

    /** USAGE unless the text is an address. */
    public static SiteAddress parse(String text) throws FaultException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        boolean hostSound = bracketed || host.indexOf(':') < 0;
        try {
            if (hostSound && host.chars().noneMatch(c -> c <= ' ' || c == '/')) {
                int port = Integer.parseInt(text.substring(colon + 1));
                return new SiteAddress(bracketed ? host.substring(1, host.length() - 1) : host, port);
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Said below, in the same words for every way of being none.
        }
        throw new FaultException(
                Fault.USAGE,
                "\"" + text + "\" is no address: use HOST:PORT, such as backup.example:7443 or [2001:db8::7]:7443");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
