package sago.common.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Counts what a run over vectors did and did not, so that an empty run cannot pass and every skip has its reason. Single thread. */
public final class Tally {
    private final String name;
    private final Map<String, Integer> skipped = new TreeMap<>();
    private int ran;

    public Tally(String name) {
        this.name = name;
    }

    public void ran() {
        ran++;
    }

    public void skip(String reason) {
        skipped.merge(reason, 1, Integer::sum);
    }

    /** Prints the counts and requires them. */
    public void expect(int ranWanted, int skippedWanted) {
        int skippedAll = skipped.values().stream().mapToInt(Integer::intValue).sum();
        System.out.println(name + ": " + ran + " ran, " + skippedAll + " not applicable " + skipped);
        assertThat(ran).as(name + " ran").isEqualTo(ranWanted);
        assertThat(skippedAll).as(name + " not applicable").isEqualTo(skippedWanted);
    }
}
