package sago.sender.pack;

import sago.common.id.DatasetId;
import sago.common.id.PackId;
import sago.common.id.SessionId;
import sago.common.id.VaultId;
import sago.common.pack.PackGeometry;
import sago.common.pack.PackHeader;
import sago.common.secret.SecretBytes;

/**
 * What the packs of one session share.
 *
 * @param key the session key; whoever opened the session closes it after the last pack
 */
public record PackSession(VaultId vault, DatasetId dataset, SessionId session, SecretBytes key, PackGeometry geometry) {
    PackHeader header(PackId pack) {
        return new PackHeader(geometry.segmentBytes(), vault, dataset, session, pack);
    }
}
