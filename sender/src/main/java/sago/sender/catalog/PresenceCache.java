package sago.sender.catalog;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sago.common.id.PackId;
import sago.common.id.SiteId;

/** Packs that were found present: the same few thousand are asked for with every chunk and every unchanged file. Thread-safe. */
final class PresenceCache {
    /** Emptied when full: 64 Ki packs of 32 MiB are 2 TiB. */
    static final int PLACES_MAX = 64 << 10;

    private record Place(PackId pack, SiteId site) {}

    private final Set<Place> places = ConcurrentHashMap.newKeySet();

    boolean contains(PackId pack, SiteId site) {
        return places.contains(new Place(pack, site));
    }

    void put(PackId pack, SiteId site) {
        if (places.size() >= PLACES_MAX) {
            places.clear();
        }
        places.add(new Place(pack, site));
    }

    void remove(Collection<PackId> packs, SiteId site) {
        packs.forEach(pack -> places.remove(new Place(pack, site)));
    }
}
