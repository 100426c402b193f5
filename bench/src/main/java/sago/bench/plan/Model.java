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
     * @param known plaintext that is read beside it and found stored
     * @param entries that are new, or restored
     * @param walked entries that are only looked at
     */
    record Load(double bytes, double known, double entries, double walked) {
        /** All that is read is new. */
        Load(double bytes, double entries, double walked) {
            this(bytes, 0, entries, walked);
        }
    }

    /** A backup: everything that is not new is walked. */
    Estimate backup(Load load) {
        return estimate(start(host.full(), load.bytes()).max(start(host.known(), load.known())), host.full(), load)
                .with(
                        Resource.HOME_DISK,
                        Range.exactly(load.bytes() + load.known())
                                .per(place.homeDisk().read()))
                .with(Resource.SITE_DISK, stored(load).per(place.siteDisk().write()));
    }

    Estimate restore(Load load) {
        return estimate(host.restore().startS(), host.restore(), load)
                .with(
                        Resource.HOME_DISK,
                        Range.exactly(load.bytes()).per(place.homeDisk().write()))
                .with(Resource.SITE_DISK, stored(load).per(place.siteDisk().read()));
    }

    /** Between nothing and the bytes from which on it was measured, a start takes longer with every byte: compilers work on what is used more often. */
    private Range start(RunCost cost, double bytes) {
        double share = bytes == 0 ? 0 : host.warmBytes() == 0 ? 1 : Math.min(1, bytes / host.warmBytes());
        Range idle = host.idleStartS();
        return idle.times(1 - share).plus(cost.startS().max(idle).times(share));
    }

    private Range stored(Load load) {
        return host.storedShare().times(load.bytes());
    }

    /** Without the disks. */
    private Estimate estimate(Range start, RunCost cost, Load load) {
        double gb = load.bytes() / GB;
        Range walk = host.walkEntryS().times(load.walked());
        Range home = cost.homePerGb()
                .times(gb)
                .plus(cost.perEntryS().times(load.entries()))
                .plus(walk);
        Range site = cost.sitePerGb().times(gb);
        RunCost known = host.known();
        double knownGb = load.known() / GB;
        Range stored = stored(load);
        Map<Resource, Range> waits = new EnumMap<>(Resource.class);
        if (place.shared()) {
            Range both = home.plus(site).per(cost.scaling().worth(place.homeCores()));
            Range read = known.homePerGb().plus(known.sitePerGb()).times(knownGb);
            waits.put(Resource.HOME_CORES, both.plus(read.per(known.scaling().worth(place.homeCores()))));
        } else {
            Range read = known.homePerGb().times(knownGb).per(known.scaling().worth(place.homeCores()));
            waits.put(
                    Resource.HOME_CORES,
                    home.per(cost.scaling().worth(place.homeCores())).plus(read));
            waits.put(Resource.SITE_CORES, site.per(cost.scaling().worth(place.siteCores())));
        }
        waits.put(Resource.WALK, walk);
        waits.put(Resource.LINK, stored.per(place.link().bytesPerS()));
        waits.put(Resource.WINDOW, stored.per(place.link().windowRate()));
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
