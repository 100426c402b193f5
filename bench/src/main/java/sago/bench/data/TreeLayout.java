package sago.bench.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sago.bench.data.Layout.FilePlan;
import sago.bench.data.Layout.Link;
import sago.bench.data.Layout.Matter;

/**
 * A tree with the proportions of a Debian {@code /usr}: of 100 entries 12 are folders and 5 links; of the files 29 in 100 are below 1 KiB, 38 below
 * 4, 19 below 16, 10 below 64, 4 below 1 MiB, and 3 in 1000 are larger and hold about three quarters of the bytes. Confined to one thread.
 */
final class TreeLayout {
    private static final int DEPTH_MAX = 7;
    private static final int PACKED_PERCENT = 8;

    /** Upper lengths and how many files of 1000 are below them; what is left is large. */
    private static final int[] BYTES_BELOW = {1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 20};

    private static final int[] PER_MILLE = {290, 380, 190, 97, 40};

    private final DataSet set;
    private final Draw draw;
    private final String[] words;
    private final List<String> folders = new ArrayList<>();
    private final List<Integer> depths = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    TreeLayout(DataSet set) {
        this.set = set;
        this.draw = Draw.of(set.seed(), -3);
        this.words = Words.of(draw, 3000);
    }

    Layout layout() {
        int entries = (int) Math.max(4, set.bytes() / set.kind().bytesPerEntry());
        int folderCount = entries * 12 / 100;
        int linkCount = entries * 5 / 100;
        for (int i = 0; i < folderCount; i++) {
            addFolder();
        }
        List<FilePlan> files = files(lengths(entries - folderCount - linkCount));
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < linkCount; i++) {
            String target = files.get(draw.below(files.size())).path();
            int slash = target.lastIndexOf('/');
            String folder = target.substring(0, slash + 1);
            // One link in 16 leads nowhere, as links do.
            links.add(new Link(
                    name(folder, ".so"), draw.below(16) == 0 ? "../missing/" + words[0] : target.substring(slash + 1)));
        }
        return new Layout(folders, files, links);
    }

    private void addFolder() {
        int parent = folders.size() < 12 ? -1 : draw.below(folders.size());
        if (parent >= 0 && depths.get(parent) >= DEPTH_MAX) {
            parent = draw.below(12);
        }
        folders.add(name(parent < 0 ? "" : folders.get(parent) + "/", ""));
        depths.add(parent < 0 ? 1 : depths.get(parent) + 1);
    }

    /** A name that nothing in the folder has yet. */
    private String name(String folder, String end) {
        String name = words[draw.rank(words.length)];
        String path = folder + name + end;
        for (int i = 2; !taken.add(path); i++) {
            path = folder + name + "-" + words[draw.below(words.length)] + (i > 4 ? Integer.toString(i) : "") + end;
        }
        return path;
    }

    private long[] lengths(int count) {
        int large = Math.max(1, count * 3 / 1000);
        long[] lengths = new long[count];
        long small = 0;
        for (int i = large; i < count; i++) {
            lengths[i] = smallLength();
            small += lengths[i];
        }
        // In small sets a few files of medium length may exceed the share that large ones should have.
        long smallMax = set.bytes() / 2;
        for (int i = large; i < count && small > smallMax; i++) {
            small -= lengths[i] - lengths[i] / 4;
            lengths[i] /= 4;
        }
        spread(lengths, large, set.bytes() - Math.min(small, set.bytes()));
        return lengths;
    }

    private long smallLength() {
        int at = draw.below(1000);
        int below = 0;
        for (int i = 0; i < BYTES_BELOW.length; i++) {
            below += PER_MILLE[i];
            if (at < below || i == BYTES_BELOW.length - 1) {
                long floor = i == 0 ? 0 : BYTES_BELOW[i - 1];
                // The smaller of two draws: within a class the shorter files are more frequent too.
                int span = BYTES_BELOW[i] - (int) floor;
                return floor + Math.min(draw.below(span), draw.below(span));
            }
        }
        throw new IllegalStateException("no class of length " + at);
    }

    /** Shares the bytes among the large files, a few of them taking most. */
    private void spread(long[] lengths, int large, long bytes) {
        long[] weights = new long[large];
        long sum = 0;
        for (int i = 0; i < large; i++) {
            weights[i] = 100 + 1_000_000L / (1 + draw.below(2000));
            sum += weights[i];
        }
        long left = bytes;
        for (int i = 0; i < large; i++) {
            lengths[i] = i == large - 1 ? left : bytes / sum * weights[i];
            left -= lengths[i];
        }
    }

    private List<FilePlan> files(long[] lengths) {
        List<FilePlan> files = new ArrayList<>();
        long packed = 0;
        for (long length : lengths) {
            Matter matter = matter(length, packed);
            packed += matter == Matter.RANDOM ? length : 0;
            String end = switch (matter) {
                case RANDOM -> ".gz";
                case BINARY -> draw.below(2) == 0 ? "" : ".o";
                default -> draw.below(2) == 0 ? ".txt" : ".c";
            };
            String folder = folders.isEmpty() ? "" : folders.get(draw.below(folders.size())) + "/";
            files.add(new FilePlan(name(folder, end), length, matter, matter == Matter.BINARY && end.isEmpty()));
        }
        return files;
    }

    /** Small files are text more often than not, large ones programs; packed already are some, and not more than their share of all bytes. */
    private Matter matter(long length, long packedSoFar) {
        int kind = draw.below(100);
        boolean isLarge = length >= BYTES_BELOW[BYTES_BELOW.length - 1];
        if (kind < (isLarge ? 40 : 6) && packedSoFar + length <= set.bytes() / 100 * PACKED_PERCENT) {
            return Matter.RANDOM;
        }
        return kind < (isLarge ? 80 : 35) ? Matter.BINARY : Matter.TEXT;
    }
}
