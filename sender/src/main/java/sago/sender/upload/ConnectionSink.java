package sago.sender.upload;

import sago.common.fault.FaultException;
import sago.common.protocol.Frame;

/** What a {@link SiteConnection} hands on, from its event loop. */
interface ConnectionSink {
    /** A frame that is no answer. Takes ownership. A fault ends the connection. */
    void frame(Frame frame) throws FaultException;

    /** The socket takes bytes again. */
    void writable();

    /** The connection has ended. Once, and the last call. */
    void closed(FaultException why);
}
