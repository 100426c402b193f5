package sago.sender.compress;

import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** How a chunk is stored. */
public enum Codec {
    /** As it is. */
    RAW(0),
    /** One LZ4 block. */
    LZ4(1),
    /** One zstd frame. */
    ZSTD(2);

    private final int wireId;

    Codec(int wireId) {
        this.wireId = wireId;
    }

    public int wireId() {
        return wireId;
    }

    /**
     * The codec of a record.
     *
     * @throws FaultException VERSION for a codec that this version cannot read
     */
    public static Codec ofWireId(int wireId) throws FaultException {
        return switch (wireId) {
            case 0 -> RAW;
            case 1 -> LZ4;
            case 2 -> ZSTD;
            default ->
                throw new FaultException(
                        Fault.VERSION, "a chunk is stored with codec " + wireId + ": read it with a newer version");
        };
    }
}
