package sago.bench.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a plan rests on, for its result file. */
final class Settings {
    private Settings() {}

    static Map<String, Object> of(Job job, HostModel host, Environment place) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", job.json());
        json.putAll(of(host, place));
        return json;
    }

    /** Without a job: what a check rests on. */
    static Map<String, Object> of(HostModel host, Environment place) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("host", host(host));
        json.put("home_cores", place.homeCores());
        json.put("site_cores", place.siteCores());
        json.put("home_disk", place.homeDisk().json());
        json.put("site_disk", place.siteDisk().json());
        json.put("link", link(place.link()));
        return json;
    }

    private static Object rate(Range rate) {
        return Double.isInfinite(rate.mid()) ? "no limit" : rate.json();
    }

    private static Map<String, Object> host(HostModel host) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", host.name());
        Map<String, Object> steps = new LinkedHashMap<>();
        host.steps().forEach((name, cost) -> steps.put(name, cost.json()));
        json.put("steps_core_s_per_gb", steps);
        json.put("full", cost(host.full()));
        json.put("known", cost(host.known()));
        json.put("warm_bytes", host.warmBytes());
        json.put("idle_start_s", host.idleStartS().json());
        json.put("restore", cost(host.restore()));
        json.put("walk_entry_s", host.walkEntryS().json());
        json.put("stored_share", host.storedShare().json());
        return json;
    }

    private static Map<String, Object> cost(RunCost cost) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("start_s", cost.startS().json());
        json.put("home_core_s_per_gb", cost.homePerGb().json());
        json.put("site_core_s_per_gb", cost.sitePerGb().json());
        json.put("entry_s", cost.perEntryS().json());
        json.put("scaling", cost.scaling().json());
        return json;
    }

    private static Map<String, Object> link(LinkModel link) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bytes_per_s", rate(link.bytesPerS()));
        json.put("rtt_s", link.rttS());
        json.put("streams", link.streamsUsed());
        json.put("stream_window_bytes", link.streamWindow().json());
        json.put("window_bytes_per_s", rate(link.windowRate()));
        return json;
    }
}
