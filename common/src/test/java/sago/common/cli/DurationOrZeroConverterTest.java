package sago.common.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationOrZeroConverterTest {
    private final DurationOrZeroConverter converter = new DurationOrZeroConverter();

    @Test
    void readsNoTimeAtAll() {
        for (String zero : new String[] {"0", "0s", "0m", "0h", "0d"}) {
            assertThat(converter.convert(zero)).isZero();
        }
        assertThat(converter.convert("1s")).isEqualTo(TimeUnit.SECONDS.toNanos(1));
        assertThat(converter.convert("2d")).isEqualTo(TimeUnit.DAYS.toNanos(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0w", "-0", "01s", "30", "none"})
    void refusesNonsense(String nonsense) {
        assertThatThrownBy(() -> converter.convert(nonsense))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("30s, 10m, 2h or 1d, or 0 for none");
    }
}
