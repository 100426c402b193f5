package sago.common.settings;

import java.util.List;

/**
 * What a key has: one text, or a list of them.
 *
 * @param items as written; what they mean is the command's business
 * @param isList whether the file has a list
 */
public record Value(List<String> items, boolean isList, Place place) {
    public Value {
        items = List.copyOf(items);
    }
}
