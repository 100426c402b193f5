package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a job needs and how long it takes.
 *
 * @param figures in the order in which they are printed
 * @param full the first backup to one site
 * @param incremental an ordinary one
 * @param restore of everything from one site
 * @param notes what was assumed, what does not fit, what is not built
 */
record Plan(List<Figure> figures, Estimate full, Estimate incremental, Estimate restore, List<String> notes) {
    Plan {
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }

    Figure figure(String key) {
        return figures.stream()
                .filter(figure -> figure.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no figure " + key));
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("figures", figures.stream().map(Figure::json).toList());
        json.put("bottlenecks", bottlenecks());
        json.put("waits", Map.of("full", full.json(), "incremental", incremental.json(), "restore", restore.json()));
        json.put("notes", notes);
        return json;
    }

    private Map<String, Object> bottlenecks() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("full", full.bottleneck().words());
        json.put("incremental", incremental.bottleneck().words());
        json.put("restore", restore.bottleneck().words());
        return json;
    }
}
