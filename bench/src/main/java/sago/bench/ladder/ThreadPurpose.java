package sago.bench.ladder;

/** What a thread of a JVM is for, by its name in /proc. */
enum ThreadPurpose {
    COMPILE,
    COLLECT,
    WORK;

    /** By the end and the name of a thread. */
    static ThreadPurpose of(String thread) {
        String name = thread.substring(thread.indexOf(' ') + 1);
        if (name.startsWith("C1 Comp") || name.startsWith("C2 Comp")) {
            return COMPILE;
        }
        return name.startsWith("GC Thread") || name.startsWith("VM Thread") ? COLLECT : WORK;
    }
}
