package sago.sender.source.posix;

import java.time.Instant;

/**
 * What {@code lstat} says of one path, in one call. Immutable.
 *
 * @param mode type and permission bits, {@code st_mode}
 * @param rdev which device this is, if it is one
 */
public record FileStatus(
        int mode,
        int uid,
        int gid,
        Instant modified,
        Instant changed,
        long inode,
        long device,
        int links,
        long size,
        long rdev) {}
