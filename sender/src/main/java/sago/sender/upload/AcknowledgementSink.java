package sago.sender.upload;

import sago.common.proto.ReceiptIssued;

/** Takes what a site promised, to be noted at home in the order of arrival. Any thread; returns at once. */
interface AcknowledgementSink {
    /** A pack became durable. {@link Transmitter#settled} follows once it is noted. */
    void durable(OutboundPack pack, long keepUntil);

    void receipt(ReceiptIssued receipt);
}
