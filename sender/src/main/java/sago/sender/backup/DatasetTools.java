package sago.sender.backup;

import sago.common.secret.SecretBytes;
import sago.sender.chunk.GearTable;
import sago.sender.compress.CodecChoice;

/**
 * What every worker has at hand.
 *
 * @param idKey of the dataset, and so is {@code gear}
 * @param codecs what new chunks are compressed with
 */
record DatasetTools(SecretBytes idKey, GearTable gear, CodecChoice codecs) {}
