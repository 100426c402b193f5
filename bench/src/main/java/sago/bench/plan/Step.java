package sago.bench.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the steps of a ladder are paid for. */
enum Step {
    HOME(1, 0),
    SITE(0, 1),
    BOTH(0.5, 0.5);

    private static final Map<String, Step> BY_NAME = Map.ofEntries(
            Map.entry("walk", HOME),
            Map.entry("tree", HOME),
            Map.entry("read", HOME),
            Map.entry("chunk", HOME),
            Map.entry("id", HOME),
            Map.entry("chunk_id", HOME),
            Map.entry("index", HOME),
            Map.entry("compress", HOME),
            Map.entry("seal", HOME),
            Map.entry("merkle", HOME),
            Map.entry("pack", HOME),
            Map.entry("send", HOME),
            Map.entry("tls", BOTH),
            Map.entry("socket", BOTH),
            Map.entry("transport", BOTH),
            Map.entry("receive", SITE),
            Map.entry("site_hash", SITE),
            Map.entry("hash", SITE),
            Map.entry("store", SITE),
            Map.entry("write", SITE),
            Map.entry("force", SITE));

    private final double home;
    private final double site;

    Step(double home, double site) {
        this.home = home;
        this.site = site;
    }

    double home() {
        return home;
    }

    double site() {
        return site;
    }

    /** By its name in a ladder; empty for what is no step. */
    static Optional<Step> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT).replace('-', '_')));
    }
}
