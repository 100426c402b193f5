package sago.receiver.serve;

import java.util.NavigableSet;
import java.util.TreeSet;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;

/** The datasets that a client may ask about: those that its grant names, or all of the vault. Immutable. */
public final class Scope {
    public static final Scope ALL = new Scope(new TreeSet<>());

    private final NavigableSet<DatasetId> datasets;

    private Scope(NavigableSet<DatasetId> datasets) {
        this.datasets = datasets;
    }

    /** These datasets; all where there are none. */
    public static Scope of(Iterable<DatasetId> datasets) {
        NavigableSet<DatasetId> named = new TreeSet<>();
        datasets.forEach(named::add);
        return new Scope(named);
    }

    boolean isAll() {
        return datasets.isEmpty();
    }

    /** The datasets from this one on, ascending. */
    NavigableSet<DatasetId> from(DatasetId first) {
        return datasets.tailSet(first, true);
    }

    /** PEER_REFUSED for a dataset that it does not cover. */
    public void require(DatasetId dataset) throws FaultException {
        if (!isAll() && !datasets.contains(dataset)) {
            throw new FaultException(Fault.PEER_REFUSED, "this client's grant is for other datasets than " + dataset);
        }
    }
}
