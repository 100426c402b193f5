package sago.sender.source;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import sago.common.limits.Limits;
import sago.sender.source.posix.OpenFile;
import sago.sender.tree.Hole;
import sago.sender.tree.Holes;

/** Collects the holes of an open file, the largest if there are more than an entry may hold. Confined to one thread. */
final class HoleSearch {
    private final OpenFile file;
    private final long size;
    private final PriorityQueue<Hole> largest = new PriorityQueue<>(Comparator.comparingLong(Hole::length));

    HoleSearch(OpenFile file, long size) {
        this.file = file;
        this.size = size;
    }

    Holes find() throws IOException {
        long at = 0;
        while (at < size) {
            long hole = file.seekHole(at);
            if (hole < 0 || hole >= size) {
                break;
            }
            long data = file.seekData(hole);
            long end = data < 0 ? size : Math.min(data, size);
            // A file that changes meanwhile may answer anything.
            if (end <= hole) {
                break;
            }
            add(new Hole(hole, end - hole));
            at = end;
        }
        if (largest.isEmpty()) {
            return Holes.NONE;
        }
        List<Hole> ascending =
                largest.stream().sorted(Comparator.comparingLong(Hole::offset)).toList();
        return Holes.of(ascending);
    }

    private void add(Hole hole) {
        largest.add(hole);
        if (largest.size() > Limits.HOLES_MAX) {
            largest.remove();
        }
    }
}
