package sago.common.trust;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/** Names of sites, datasets and data classes, and ISO 3166 codes of jurisdictions. Stateless; any thread. */
public final class Names {
    /** Fits a file name on every system, and Limits.NAME_CHARS_MAX. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private Names() {}

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether this is the two-letter code of a country, in capitals. */
    public static boolean isJurisdiction(String text) {
        return COUNTRIES.contains(text);
    }

    /** USAGE, with what a name may be, unless it is one. {@code what} is for the message: site, dataset, data class. */
    public static String requireName(String what, String text) throws FaultException {
        if (!isName(text)) {
            throw new FaultException(
                    Fault.USAGE,
                    "\"" + printable(text) + "\" cannot name a " + what
                            + ": use 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit");
        }
        return text;
    }

    /** USAGE unless it is the two-letter code of a country, in capitals. */
    public static String requireJurisdiction(String text) throws FaultException {
        if (!isJurisdiction(text)) {
            throw new FaultException(
                    Fault.USAGE,
                    "\"" + printable(text)
                            + "\" is no jurisdiction: use the two capital letters of ISO 3166, such as KR or SG");
        }
        return text;
    }

    /** Text of a stranger, fit for a message: at most 80 characters, none of them a control character. */
    private static String printable(String text) {
        String clean = text.codePoints()
                .limit(80)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean;
    }
}
