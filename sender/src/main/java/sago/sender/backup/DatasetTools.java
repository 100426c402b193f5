package sago.sender.backup;

import sago.common.secret.SecretBytes;
import sago.sender.chunk.GearTable;

/** What a dataset's keys give to every worker. */
record DatasetTools(SecretBytes idKey, GearTable gear) {}
