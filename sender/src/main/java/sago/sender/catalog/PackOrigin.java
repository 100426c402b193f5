package sago.sender.catalog;

import sago.common.id.DatasetId;
import sago.common.id.SessionId;

/** Where packs come from. */
public record PackOrigin(DatasetId dataset, SessionId session) {}
