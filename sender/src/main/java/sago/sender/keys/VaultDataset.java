package sago.sender.keys;

import sago.common.id.DatasetId;

/**
 * A dataset as the vault lists it: no secret.
 *
 * @param sender name of the sender that has its grant; empty: home's own
 */
public record VaultDataset(String name, DatasetId id, String dataClass, String sender) {}
