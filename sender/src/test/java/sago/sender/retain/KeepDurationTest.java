package sago.sender.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepDurationTest {
    @ParameterizedTest
    @CsvSource({
        "1h, 2026-03-31T00:30:00Z, 2026-03-30T23:30:00Z",
        "1d, 2026-03-01T05:00:00Z, 2026-02-28T05:00:00Z",
        "1m, 2026-03-31T05:00:00Z, 2026-03-03T05:00:00Z",
        "1m, 2024-03-31T05:00:00Z, 2024-03-02T05:00:00Z",
        "1y, 2024-02-29T05:00:00Z, 2023-03-01T05:00:00Z",
        "1y5m7d2h, 2026-11-22T03:00:00Z, 2025-06-15T01:00:00Z",
        "14m, 2026-01-15T00:00:00Z, 2024-11-15T00:00:00Z"
    })
    void countsBackInTheCalendar(String duration, Instant from, Instant to) {
        assertThat(KeepDuration.parse(duration).before(from, ZoneOffset.UTC)).isEqualTo(to);
    }

    @Test
    void aDayIsOneOfTheZone() {
        // Clocks went back in Berlin on the 25th of October 2026.
        assertThat(KeepDuration.parse("1d").before(Instant.parse("2026-10-25T11:00:00Z"), ZoneId.of("Europe/Berlin")))
                .isEqualTo(Instant.parse("2026-10-24T10:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0d", "1", "d", "-1d", "1d1y", "1.5d", "7 d", "1w", "99999999h"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> KeepDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1y5m7d2h");
    }

    @Test
    void isWrittenAsItWasRead() {
        assertThat(KeepDuration.parse("1y5m7d2h")).hasToString("1y5m7d2h");
        assertThat(KeepDuration.parse("36h")).hasToString("36h");
    }
}
