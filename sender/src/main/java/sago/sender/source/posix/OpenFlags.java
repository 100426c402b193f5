package sago.sender.source.posix;

import java.util.Locale;

/** Flags of {@code open}, of which three have other values on ARM than on other machines. */
final class OpenFlags {
    private static final boolean ARM =
            System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");

    private static final int NONBLOCK = 04000;
    private static final int NOATIME = 01000000;
    private static final int CLOEXEC = 02000000;
    private static final int PATH = 010000000;
    private static final int DIRECTORY = ARM ? 040000 : 0200000;
    private static final int NOFOLLOW = ARM ? 0100000 : 0400000;

    /** To read: follows no link, waits for nobody, leaves the access time alone. */
    static final int READ_NOATIME = NOFOLLOW | NONBLOCK | CLOEXEC | NOATIME;

    /** The same where the kernel does not let us leave the access time alone. */
    static final int READ = NOFOLLOW | NONBLOCK | CLOEXEC;

    /** A folder to list. */
    static final int LIST_NOATIME = READ_NOATIME | DIRECTORY;

    static final int LIST = READ | DIRECTORY;

    /** A folder as a place from which other paths begin. */
    static final int FOLDER = PATH | DIRECTORY | NOFOLLOW | CLOEXEC;

    /** The same for a folder that may be reached through a link. */
    static final int FOLDER_FOLLOWING = PATH | DIRECTORY | CLOEXEC;

    /** Anything, a link too, only to look at it and to set its metadata. */
    static final int NODE = PATH | NOFOLLOW | CLOEXEC;

    static final int READ_WRITE = 2 | NOFOLLOW | NONBLOCK | CLOEXEC;

    /** A file that must not exist, to read and write it. */
    static final int CREATE = READ_WRITE | 0100 | 0200;

    private OpenFlags() {}
}
