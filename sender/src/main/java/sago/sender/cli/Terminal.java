package sago.sender.cli;

import java.io.Console;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sago.common.secret.SecretBytes;

/** Questions to the person in front. Confined to the main thread. */
final class Terminal {
    private final @Nullable Console console;

    private Terminal(@Nullable Console console) {
        this.console = console;
    }

    /** The terminal of this process, if it has one for both input and output. */
    static Terminal ofProcess() {
        return new Terminal(System.console());
    }

    boolean isPresent() {
        return console != null;
    }

    /** Asks for a secret, without echo, as UTF-8; null at the end of input or without a terminal. The caller closes it. */
    @Nullable
    SecretBytes askSecret(String question) {
        char[] typed = console == null ? null : console.readPassword("%s", question);
        if (typed == null) {
            return null;
        }
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
        byte[] encoded = new byte[(int) Math.ceil(encoder.maxBytesPerChar() * typed.length)];
        ByteBuffer target = ByteBuffer.wrap(encoded);
        encoder.encode(CharBuffer.wrap(typed), target, true);
        byte[] bytes = Arrays.copyOf(encoded, target.position());
        Arrays.fill(encoded, (byte) 0);
        Arrays.fill(typed, '\0');
        return SecretBytes.of(bytes);
    }

    /** Asks for a line; empty at the end of input or without a terminal. */
    String ask(String question) {
        String typed = console == null ? null : console.readLine("%s", question);
        return typed == null ? "" : typed.strip();
    }

    /** Asks a question whose default is no. */
    boolean askYes(String question) {
        String answer = ask(question + " [y/N] ").toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }
}
