package sago.sender.checkpoint;

/**
 * What an unfinished backup has kept, for whoever looks from outside. Immutable.
 *
 * @param files files that were read to their end; the next run need not read those that do not change and whose packs are durable
 * @param bytes their length, and that of finished regions of large files
 * @param sealedPacks packs that were complete since the last run began
 * @param acknowledgedPacks of these, those that the site acknowledged
 * @param lastRecordMs wall time of about the last record
 */
public record CheckpointState(long files, long bytes, long sealedPacks, long acknowledgedPacks, long lastRecordMs) {}
