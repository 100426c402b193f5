package sago.sender.keys;

import sago.common.id.DatasetId;

/**
 * A dataset whose key is being replaced.
 *
 * @param oldestEpoch whose session headers may still be at sites
 * @param newestEpoch for which new sessions are made
 * @param sender name of the sender that has the dataset; empty: home's own
 * @param needsBundle that sender's grant still names an older epoch: `sago sender add --replace` makes the file that it must join with
 */
public record RotationState(DatasetId dataset, int oldestEpoch, int newestEpoch, String sender, boolean needsBundle) {}
