package sago.sender.checkpoint;

import java.nio.ByteBuffer;

/**
 * A record that was read and whose checksum is right.
 *
 * @param place where it stands
 * @param payload for one reader, positioned at its start
 */
record JournalRecord(RecordType type, Place place, ByteBuffer payload) {
    /**
     * A place between two records of a file.
     *
     * @param position in the file
     * @param number of the next record
     */
    record Place(long position, int number) {}
}
