package sago.bench.plan;

/**
 * Where it runs.
 *
 * @param homeCores that Sago may use at home
 * @param siteCores that Sago may use at the site
 * @param shared both ends are on one machine and share {@code homeCores}
 * @param link between the two
 * @param homeDisk bytes per second that home's disk reads
 * @param siteDisk bytes per second that the site's disk writes, or reads in a restore
 */
record Environment(int homeCores, int siteCores, boolean shared, LinkModel link, Range homeDisk, Range siteDisk) {
    private static final int CORES_MAX = 4096;

    /** Of a disk that nobody measured: never the limit, and the plan says so. */
    static final Range DISK_UNKNOWN = Range.exactly(Double.POSITIVE_INFINITY);

    /** Both ends on this machine, nothing between them but its memory. */
    static Environment loopback(int cores) {
        LinkModel loopback = new LinkModel(
                Range.exactly(Double.POSITIVE_INFINITY), 0, LinkReader.STREAM_WINDOW, 1, "Link: loopback.");
        return new Environment(cores, cores, true, loopback, DISK_UNKNOWN, DISK_UNKNOWN);
    }

    Environment {
        if (homeCores < 1 || homeCores > CORES_MAX || siteCores < 1 || siteCores > CORES_MAX) {
            throw new IllegalArgumentException("--cores and --site-cores must be from 1 to " + CORES_MAX);
        }
        if (homeDisk.low() <= 0 || siteDisk.low() <= 0) {
            throw new IllegalArgumentException("--home-disk and --site-disk must be more than 0 MB/s");
        }
    }
}
