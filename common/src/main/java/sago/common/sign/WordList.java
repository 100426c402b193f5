package sago.common.sign;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The BIP-39 English list: 2048 words, sorted, no two with the same first four letters. Immutable; any thread.
 */
public final class WordList {
    public static final int WORDS = 2048;
    public static final int BITS_PER_WORD = 11;

    static final String RESOURCE = "bip39-english.txt";

    private static final WordList ENGLISH = load();

    private final List<String> words;

    private WordList(List<String> words) {
        this.words = List.copyOf(words);
    }

    public static WordList english() {
        return ENGLISH;
    }

    /** The word of an index from 0 to 2047. */
    public String word(int index) {
        return words.get(index);
    }

    /** The index of a word in lower case, or -1 if the list does not have it. */
    public int indexOf(String word) {
        int index = Collections.binarySearch(words, word);
        return index >= 0 ? index : -1;
    }

    /** Up to {@code max} words that a person may have meant: fewest edits first, at most two edits away. */
    public List<String> near(String word, int max) {
        List<String> found = new ArrayList<>();
        if (word.length() > 2 * 8) {
            return found;
        }
        for (int edits = 0; edits <= 2; edits++) {
            for (String candidate : words) {
                if (found.size() < max && distance(word, candidate) == edits) {
                    found.add(candidate);
                }
            }
        }
        return found;
    }

    /** Levenshtein distance of two short words. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static WordList load() {
        try (InputStream in = WordList.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the word list is missing from the program");
            }
            WordList list = new WordList(new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList());
            if (list.words.size() != WORDS) {
                throw new IllegalStateException("the word list has " + list.words.size() + " words");
            }
            return list;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
