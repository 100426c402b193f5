package sago.bench.data;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Data sets as they stand on command lines: {@code tree}, {@code logs:4G}, {@code small:100000}. */
public final class DataSets {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)([KMGT]?)");
    private static final long BYTES_MAX = 64_000_000_000_000L;

    private DataSets() {}

    /** Whether the text begins like a data set, not like the path of a folder. */
    public static boolean isDataSet(String text) {
        return kind(text).isPresent();
    }

    /**
     * Reads {@code KIND}, {@code KIND:SIZE} with K, M, G or T for powers of 1000, or {@code KIND:ENTRIES} for kinds of many entries.
     *
     * @throws IllegalArgumentException whose message tells a user what is wrong
     */
    public static DataSet parse(String text, long seed) {
        DataKind kind = kind(text)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "'" + text
                                        + "' is no data set: tree, logs, random, small and image are, with a size: tree:4G, small:100000"));
        int colon = text.indexOf(':');
        return new DataSet(kind, colon < 0 ? kind.defaultBytes() : bytes(kind, text.substring(colon + 1)), seed);
    }

    private static Optional<DataKind> kind(String text) {
        String word = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
        for (DataKind kind : DataKind.values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static long bytes(DataKind kind, String size) {
        Matcher parts = SIZE.matcher(size.toUpperCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + size + "' is no size: say it as 500M or 4G, or 100000 entries of tree or small");
        }
        BigDecimal number = new BigDecimal(parts.group(1));
        if (parts.group(2).isEmpty() && kind.bytesPerEntry() == 0) {
            throw new IllegalArgumentException("'" + size + "' has no unit, and " + kind.word()
                    + " is not made of entries: say " + size + "M or " + size + "G");
        }
        long unit = parts.group(2).isEmpty() ? kind.bytesPerEntry() : unit(parts.group(2));
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(unit));
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(BYTES_MAX)) > 0) {
            throw new IllegalArgumentException("'" + size + "' is out of range: between 1 byte and 64 TB");
        }
        return bytes.longValue();
    }

    private static long unit(String letter) {
        return switch (letter) {
            case "K" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            default -> 1_000_000_000_000L;
        };
    }

    /** The shortest text that {@link #parse} reads as exactly so many bytes. */
    static String size(long bytes) {
        String[] units = {"T", "G", "M", "K"};
        for (String letter : units) {
            if (bytes >= unit(letter)) {
                return BigDecimal.valueOf(bytes)
                                .divide(BigDecimal.valueOf(unit(letter)))
                                .stripTrailingZeros()
                                .toPlainString()
                        + letter;
            }
        }
        return BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(1000)).toPlainString() + "K";
    }
}
