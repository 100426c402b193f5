package sago.sender.checkpoint;

import org.jspecify.annotations.Nullable;
import sago.common.durable.DiskFile;
import sago.sender.checkpoint.JournalRecord.Place;

/**
 * Records in a file that one scan wrote, or that sum up the scans before.
 *
 * @param file stays open as long as the survey that found this
 * @param end position behind the last record
 * @param run the scan; null for a sum
 */
record Stretch(DiskFile file, Place start, long end, Records.@Nullable Run run) {}
