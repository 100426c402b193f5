package sago.sender.checkpoint;

/**
 * What an unfinished backup has kept, for whoever looks from outside. Immutable.
 *
 * @param files finished files that the next run need not read, if they do not change
 * @param bytes their length, and that of finished regions of large files
 * @param sealedPacks packs that were complete since the last run began
 * @param acknowledgedPacks of these, those that the site acknowledged
 * @param lastRecordMs wall time of about the last record
 */
public record CheckpointState(long files, long bytes, long sealedPacks, long acknowledgedPacks, long lastRecordMs) {}
