package sago.sender.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    /** A Sunday. */
    private static final LocalDateTime SUNDAY_NOON = LocalDateTime.of(2026, 11, 22, 12, 0);

    @ParameterizedTest
    @CsvSource({
        "50M, 52428800",
        "50m, 52428800",
        "1.5M, 1572864",
        "512, 524288",
        "512K, 524288",
        "2048B, 2048",
        "1G, 1073741824",
        "off, 9223372036854775807",
        "OFF, 9223372036854775807"
    })
    void readsOneRate(String written, long bytesPerSecond) {
        assertThat(RateLimit.parse(written).bytesPerSecond(SUNDAY_NOON)).isEqualTo(bytesPerSecond);
    }

    @Test
    void followsTheDay() {
        RateLimit limit = RateLimit.parse("08:00,10M  19:00,off");
        assertThat(at(limit, 7, 59)).isEqualTo(RateLimit.UNLIMITED);
        assertThat(at(limit, 8, 0)).isEqualTo(10 << 20);
        assertThat(at(limit, 18, 59)).isEqualTo(10 << 20);
        assertThat(at(limit, 19, 0)).isEqualTo(RateLimit.UNLIMITED);
        assertThat(limit).hasToString("08:00,10M  19:00,off");
    }

    @Test
    void followsTheWeekPastItsEnd() {
        RateLimit limit = RateLimit.parse("Mon-08:00,1M Fri-20:30,off");
        assertThat(limit.bytesPerSecond(SUNDAY_NOON)).isEqualTo(RateLimit.UNLIMITED);
        assertThat(limit.bytesPerSecond(SUNDAY_NOON.plusHours(19).plusMinutes(59)))
                .isEqualTo(RateLimit.UNLIMITED);
        assertThat(limit.bytesPerSecond(SUNDAY_NOON.plusHours(20))).isEqualTo(1 << 20);
        assertThat(limit.bytesPerSecond(SUNDAY_NOON.plusDays(5).plusHours(8))).isEqualTo(1 << 20);
        assertThat(limit.bytesPerSecond(SUNDAY_NOON.plusDays(5).plusMinutes(8 * 60 + 30)))
                .isEqualTo(RateLimit.UNLIMITED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "0",
                "-5M",
                "5B",
                "1e9",
                "99999999999T",
                "24:00,1M",
                "8:00,1M",
                "08:00,1M 19:00",
                "08:00,1M 08:00,2M",
                "Mon-08:00,1M 08:00,2M",
                "Abc-08:00,1M",
                "08:00,1M;19:00,off",
                "5M 6M"
            })
    void refusesWhatIsNoLimit(String written) {
        assertThatThrownBy(() -> RateLimit.parse(written)).isInstanceOf(IllegalArgumentException.class);
    }

    private static long at(RateLimit limit, int hour, int minute) {
        return limit.bytesPerSecond(SUNDAY_NOON.withHour(hour).withMinute(minute));
    }
}
