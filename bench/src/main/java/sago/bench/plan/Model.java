package sago.bench.plan;

import java.util.EnumMap;
import java.util.Map;

/** The formulas of docs/PLANNING.md for one run to one site. Immutable. */
final class Model {
    private static final double GB = 1e9;

    private final HostModel host;
    private final Environment place;

    Model(HostModel host, Environment place) {
        this.host = host;
        this.place = place;
    }

    /**
     * What a run moves.
     *
     * @param bytes plaintext that is new, or restored
     * @param entries that are new, or restored
     * @param walked entries that are only looked at
     */
    record Load(double bytes, double entries, double walked) {}

    /** A backup: everything that is not new is walked. */
    Estimate backup(Load load) {
        return estimate(load.bytes() == 0 ? host.idleStartS() : host.full().startS(), host.full(), load);
    }

    Estimate restore(Load load) {
        return estimate(host.restore().startS(), host.restore(), load);
    }

    private Estimate estimate(Range start, RunCost cost, Load load) {
        double gb = load.bytes() / GB;
        Range walk = host.walkEntryS().times(load.walked());
        Range home = cost.homePerGb()
                .times(gb)
                .plus(cost.perEntryS().times(load.entries()))
                .plus(walk);
        Range site = cost.sitePerGb().times(gb);
        Range stored = host.storedShare().times(load.bytes());
        Map<Resource, Range> waits = new EnumMap<>(Resource.class);
        if (place.shared()) {
            Range both = home.plus(site).per(cost.scaling().worth(place.homeCores()));
            waits.put(Resource.HOME_CORES, both);
        } else {
            waits.put(Resource.HOME_CORES, home.per(cost.scaling().worth(place.homeCores())));
            waits.put(Resource.SITE_CORES, site.per(cost.scaling().worth(place.siteCores())));
        }
        waits.put(Resource.WALK, walk);
        waits.put(Resource.LINK, stored.per(place.link().bytesPerS()));
        waits.put(Resource.WINDOW, stored.per(place.link().windowRate()));
        waits.put(Resource.HOME_DISK, Range.exactly(load.bytes()).per(place.homeDisk()));
        waits.put(Resource.SITE_DISK, stored.per(place.siteDisk()));
        return new Estimate(start, waits);
    }

    /** Core-seconds of a backup at home, without the start. */
    Range homeCoreS(Load load) {
        return host.full()
                .homePerGb()
                .times(load.bytes() / GB)
                .plus(host.full().perEntryS().times(load.entries()))
                .plus(host.walkEntryS().times(load.walked()));
    }

    /** Core-seconds of a backup at the site. */
    Range siteCoreS(Load load) {
        return host.full().sitePerGb().times(load.bytes() / GB);
    }

    HostModel host() {
        return host;
    }

    Environment place() {
        return place;
    }
}
