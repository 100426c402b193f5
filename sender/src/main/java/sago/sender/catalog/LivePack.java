package sago.sender.catalog;

import sago.common.id.PackId;

/**
 * A pack that the newest snapshot names at a site.
 *
 * @param length of its file
 * @param liveBytes of it that the newest tree reaches; too many rather than too few
 */
public record LivePack(PackId pack, long length, long liveBytes) {}
