package sago.sender.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sago.common.id.DatasetId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;

/** What a session key is for. It enters the sealing of the key, so that a header cannot be passed off as that of another session. Immutable. */
public record SessionScope(VaultId vault, DatasetId dataset, int keyEpoch, SessionId session) {
    private static final byte[] LABEL = "sago/v1/session".getBytes(StandardCharsets.US_ASCII);

    /** HPKE info: label ‖ vault 16 ‖ dataset 16 ‖ epoch u32 ‖ session 16. */
    byte[] info() {
        ByteBuffer info =
                ByteBuffer.allocate(LABEL.length + VaultId.BYTES + DatasetId.BYTES + Integer.BYTES + SessionId.BYTES);
        info.put(LABEL);
        vault.write(info);
        dataset.write(info);
        info.putInt(keyEpoch);
        session.write(info);
        return info.array();
    }
}
