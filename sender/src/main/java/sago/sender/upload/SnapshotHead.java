package sago.sender.upload;

import sago.common.id.DatasetId;
import sago.common.id.Hash;

/** A snapshot as a site lists it. */
public record SnapshotHead(DatasetId dataset, long sequence, Hash manifest) {}
