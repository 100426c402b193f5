package sago.bench.plan;

/**
 * Where it runs.
 *
 * @param homeCores that Sago may use at home
 * @param siteCores that Sago may use at the site
 * @param shared both ends are on one machine and share {@code homeCores}
 * @param link between the two
 * @param homeDisk reads in a backup and writes in a restore
 * @param siteDisk writes in a backup and reads in a restore
 */
record Environment(
        int homeCores, int siteCores, boolean shared, LinkModel link, DiskModel homeDisk, DiskModel siteDisk) {
    private static final int CORES_MAX = 4096;

    /**
     * Both ends on this machine, nothing between them but its memory, which has what is backed up and takes what is restored.
     *
     * @param siteDisk where the packs go
     */
    static Environment loopback(int cores, DiskModel siteDisk) {
        LinkModel loopback = new LinkModel(
                Range.exactly(Double.POSITIVE_INFINITY), 0, LinkReader.STREAM_WINDOW, 1, "Link: loopback.");
        return new Environment(cores, cores, true, loopback, DiskModel.UNKNOWN, siteDisk.readFromMemory());
    }

    Environment {
        if (homeCores < 1 || homeCores > CORES_MAX || siteCores < 1 || siteCores > CORES_MAX) {
            throw new IllegalArgumentException("--cores and --site-cores must be from 1 to " + CORES_MAX);
        }
    }
}
