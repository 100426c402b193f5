package sago.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void bytesHaveThreeDigits() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(999)).isEqualTo("999 B");
        assertThat(Units.bytes(1000)).isEqualTo("1.0 kB");
        assertThat(Units.bytes(99_949)).isEqualTo("99.9 kB");
        assertThat(Units.bytes(99_950)).isEqualTo("100 kB");
        assertThat(Units.bytes(999_499)).isEqualTo("999 kB");
        assertThat(Units.bytes(999_500)).isEqualTo("1.0 MB");
        assertThat(Units.bytes(64_000_000_000L)).isEqualTo("64.0 GB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("9.2 EB");
    }

    @Test
    void durationsGrowCoarser() {
        assertThat(Units.duration(1_940_000_000L)).isEqualTo("1.9 s");
        assertThat(Units.duration(59_400_000_000L)).isEqualTo("59 s");
        assertThat(Units.duration(59_600_000_000L)).isEqualTo("1m00s");
        assertThat(Units.duration(156_000_000_000L)).isEqualTo("2m36s");
        assertThat(Units.duration(3_900_000_000_000L)).isEqualTo("1h05m");
        assertThat(Units.duration(187_200_000_000_000L)).isEqualTo("2d04h");
    }

    @Test
    void percentIsHundredOnlyWhenAllIsDone() {
        assertThat(Units.percent(0, 10)).isZero();
        assertThat(Units.percent(9_999, 10_000)).isEqualTo(99);
        assertThat(Units.percent(10, 10)).isEqualTo(100);
        assertThat(Units.percent(0, 0)).isEqualTo(100);
        assertThat(Units.percent(Long.MAX_VALUE - 1, Long.MAX_VALUE)).isEqualTo(99);
    }

    @Test
    void ratesAndTimes() {
        assertThat(Units.rate(412_000_000, 1_000_000_000)).isEqualTo("412 MB/s");
        assertThat(Units.rate(5, 0)).isEqualTo("-");
        assertThat(Units.utc(0)).isEqualTo("1970-01-01T00:00Z");
        assertThat(Units.utcSeconds(1000)).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(Units.age(0, 59 * 60_000)).isEqualTo("59 min");
        assertThat(Units.age(0, 47 * 3_600_000)).isEqualTo("47 h");
        assertThat(Units.age(0, 480 * 3_600_000)).isEqualTo("20 d");
        assertThat(Units.count(41_022, "file")).isEqualTo("41,022 files");
        assertThat(Units.count(1, "file")).isEqualTo("1 file");
    }
}
