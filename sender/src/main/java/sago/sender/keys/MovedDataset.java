package sago.sender.keys;

import sago.common.id.DatasetId;

/** A dataset of this vault that a sender on a host of its own has. */
public record MovedDataset(String name, String sender, DatasetId dataset) {}
