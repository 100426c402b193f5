package sago.sender.upload;

import sago.common.fault.FaultException;
import sago.common.proto.PackDurable;
import sago.common.proto.ReceiptIssued;
import sago.common.proto.SiteState;

/** What a connection tells its session, each from the connection's event loop. */
interface LinkEvents {
    /** The connection that is to open the session has reached the site; its round trip, 0 where it is unknown. */
    void reached(long rttNs);

    /** The connection has ended and takes no more slices. Once, and the last event. */
    void closed(UploadLink link, FaultException why);

    void durable(PackDurable acknowledgement);

    void receipt(ReceiptIssued receipt);

    void siteState(SiteState state);
}
