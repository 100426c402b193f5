package sago.sender.keys;

import sago.common.id.DatasetId;

/** A dataset as the vault lists it: no secret. */
public record VaultDataset(String name, DatasetId id, String dataClass) {}
