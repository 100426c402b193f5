package sago.sender.upload;

import sago.common.id.DatasetId;
import sago.common.id.Hash;

/**
 * A snapshot as a site lists it.
 *
 * @param expired the site has its stub and no longer its body
 * @param timeMs wall clock of the site when it was committed there; 0 where the site does not say
 */
public record SnapshotHead(DatasetId dataset, long sequence, Hash manifest, boolean expired, long timeMs) {}
