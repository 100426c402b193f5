package sago.sender.retain;

import java.util.List;

/**
 * What a policy says of one snapshot.
 *
 * @param reasons the rules that keep it; none: it goes
 */
public record Kept<T>(T snapshot, List<String> reasons) {
    public Kept {
        reasons = List.copyOf(reasons);
    }

    public boolean stays() {
        return !reasons.isEmpty();
    }
}
