package sago.sender.catalog;

import sago.common.id.PackId;

/**
 * Where a chunk list lies.
 *
 * @param offset of its record in the opened bytes of the pack
 */
public record ChunkPlace(PackId pack, int offset) {}
