package sago.bench.data;

/** Words that look like those of a language, without a dictionary: syllables. */
final class Words {
    private static final String[] BEGINS = {
        "b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "qu", "r", "s", "sh",
        "st", "t", "tr", "v", "w", "z"
    };
    private static final String[] MIDDLES = {"a", "e", "i", "o", "u", "ai", "ea", "io", "ou", "y"};
    private static final String[] ENDS = {"", "", "", "n", "r", "s", "t", "l", "nd", "ck", "ng", "m", "x"};

    private Words() {}

    static String[] of(Draw draw, int count) {
        String[] words = new String[count];
        for (int i = 0; i < count; i++) {
            StringBuilder word = new StringBuilder();
            for (int syllable = 1 + draw.below(3); syllable >= 0; syllable--) {
                word.append(BEGINS[draw.below(BEGINS.length)])
                        .append(MIDDLES[draw.below(MIDDLES.length)])
                        .append(ENDS[draw.below(ENDS.length)]);
            }
            words[i] = word.toString();
        }
        return words;
    }
}
