package sago.bench.plan;

/** What a run may have to wait for. */
enum Resource {
    HOME_CORES("home_cores", "cores at home"),
    SITE_CORES("site_cores", "cores at the site"),
    WALK("walk", "the one thread that walks the tree"),
    LINK("link", "the link's rate"),
    WINDOW("window", "windows of the connections / round trip"),
    HOME_DISK("home_disk", "the disk at home"),
    SITE_DISK("site_disk", "the disk at the site");

    private final String key;
    private final String words;

    Resource(String key, String words) {
        this.key = key;
        this.words = words;
    }

    /** In result files. */
    String key() {
        return key;
    }

    /** For people. */
    String words() {
        return words;
    }
}
