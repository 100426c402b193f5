package sago.receiver.store;

import sago.common.id.Hash;

/**
 * The newest commit of a dataset. Immutable.
 *
 * @param sequence 0 where there is none
 * @param manifest its manifest hash, zeros where there is none
 */
public record DatasetHead(long sequence, Hash manifest) {
    public static final DatasetHead NONE = new DatasetHead(0, Hash.ZERO);
}
