package sago.common.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @Test
    void readsSecondsMinutesHoursAndDays() {
        assertThat(converter.convert("30s")).isEqualTo(TimeUnit.SECONDS.toNanos(30));
        assertThat(converter.convert("10m")).isEqualTo(TimeUnit.MINUTES.toNanos(10));
        assertThat(converter.convert("2h")).isEqualTo(TimeUnit.HOURS.toNanos(2));
        assertThat(converter.convert("1d")).isEqualTo(TimeUnit.DAYS.toNanos(1));
        assertThat(converter.convert("999999d")).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "0s", "-5m", "1.5h", "10 m", "forever", "1w", "9999999s", "m"})
    void refusesNonsense(String nonsense) {
        assertThatThrownBy(() -> converter.convert(nonsense))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("30s, 10m, 2h or 1d");
    }
}
