package sago.common.cli;

import java.util.Locale;

/** Text for man, with what roff would read as commands escaped. Confined to one thread. */
final class Roff {
    private final StringBuilder page = new StringBuilder();

    void title(String name, String section, String source) {
        page.append(".TH ")
                .append(argument(name.toUpperCase(Locale.ROOT)))
                .append(' ')
                .append(section)
                .append(" \"\" ")
                .append(argument(source))
                .append(" \"User Commands\"\n.nh\n.ad l\n");
    }

    void heading(String name) {
        page.append(".SH ").append(argument(name)).append('\n');
    }

    void paragraph() {
        page.append(".PP\n");
    }

    void text(String text) {
        page.append(escaped(text)).append('\n');
    }

    /** A line that is not joined with the next one. */
    void line(String text) {
        page.append(".PP\n.nf\n").append(escaped(text)).append("\n.fi\n");
    }

    void bold(String bold, String rest) {
        page.append(".B ")
                .append(argument(bold))
                .append('\n')
                .append(escaped(rest.strip()))
                .append('\n');
    }

    void item(String what, String[] description) {
        page.append(".TP\n.B ").append(argument(what)).append('\n');
        page.append(escaped(String.join(" ", description).strip())).append('\n');
    }

    private static String argument(String text) {
        return "\"" + escaped(text).replace("\"", "\\(dq") + "\"";
    }

    /** A hyphen that can be copied, no escapes, no line that begins with a command. */
    private static String escaped(String text) {
        String safe = text.replace("%%", "%")
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
        return safe.isEmpty() || safe.startsWith(".") ? "\\&" + safe : safe;
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
