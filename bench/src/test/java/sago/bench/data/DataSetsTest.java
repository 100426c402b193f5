package sago.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataSetsTest {
    @Test
    void readsKindAndSizeInPowersOfAThousand() {
        assertThat(DataSets.parse("logs:4G", 1)).isEqualTo(new DataSet(DataKind.LOGS, 4_000_000_000L, 1));
        assertThat(DataSets.parse("random:0.5g", 7)).isEqualTo(new DataSet(DataKind.RANDOM, 500_000_000L, 7));
        assertThat(DataSets.parse("tree:12k", 1)).isEqualTo(new DataSet(DataKind.TREE, 12_000L, 1));
    }

    @Test
    void aNumberWithoutUnitCountsEntries() {
        assertThat(DataSets.parse("small:1000", 1).bytes()).isEqualTo(1000L * 8192);
        assertThat(DataSets.parse("small", 1).bytes()).isEqualTo(100_000L * 8192);
    }

    @Test
    void aNameReadsAsTheSameDataSet() {
        for (String text : List.of("tree", "logs", "small:77", "logs:1.5G", "tree:999")) {
            DataSet set = DataSets.parse(text, 1);
            assertThat(DataSets.parse(set.name(), 1)).isEqualTo(set);
        }
    }

    @Test
    void saysWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.parse("movies:4G", 1))
                .withMessageContaining("is no data set");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.parse("logs:4X", 1))
                .withMessageContaining("is no size");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.parse("logs:4", 1))
                .withMessageContaining("has no unit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.parse("logs:0G", 1))
                .withMessageContaining("out of range");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataSets.parse("logs:999999T", 1))
                .withMessageContaining("out of range");
    }

    @Test
    void pathsAreNoDataSets() {
        assertThat(DataSets.isDataSet("logs:1G")).isTrue();
        assertThat(DataSets.isDataSet("tree")).isTrue();
        assertThat(DataSets.isDataSet("/usr")).isFalse();
        assertThat(DataSets.isDataSet("./tree")).isFalse();
    }
}
