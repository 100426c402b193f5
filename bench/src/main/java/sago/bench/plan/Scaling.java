package sago.bench.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What cores do together: {@code busy} core-seconds in each second on {@code measuredOn} of them, and more on more cores by a power.
 *
 * @param busy cores that were at work all the time, waiting and what is done by one thread taken off
 * @param measuredOn cores that there were
 * @param exponent 1 if twice the cores do twice the work
 */
record Scaling(Range busy, int measuredOn, Range exponent) {
    /** Of hosts that were not measured. */
    static final Scaling ASSUMED = new Scaling(Range.exactly(1), 1, Assumed.SCALING);

    /** Core-seconds in a second. */
    Range worth(int cores) {
        double more = (double) cores / measuredOn;
        return sorted(
                busy.low() * Math.pow(more, exponent.low()),
                busy.mid() * Math.pow(more, exponent.mid()),
                busy.high() * Math.pow(more, exponent.high()));
    }

    /** Whole cores that do so many core-seconds in a second; at least one. */
    Range coresFor(Range wanted) {
        return sorted(
                cores(wanted.low(), busy.high(), exponent.high()),
                cores(wanted.mid(), busy.mid(), exponent.mid()),
                cores(wanted.high(), busy.low(), exponent.low()));
    }

    private double cores(double wanted, double busyCores, double power) {
        return Math.max(1, Math.ceil(measuredOn * Math.pow(wanted / busyCores, 1 / power) - 1e-9));
    }

    /** A power below one turns the order around where there are fewer cores than were measured on. */
    private static Range sorted(double... values) {
        Arrays.sort(values);
        return new Range(values[0], values[1], values[2]);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("busy_cores", busy.json());
        json.put("measured_on_cores", measuredOn);
        json.put("exponent", exponent.json());
        return json;
    }
}
