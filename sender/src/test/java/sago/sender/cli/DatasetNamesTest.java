package sago.sender.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import sago.common.trust.Names;

class DatasetNamesTest {
    @Test
    void namesFollowThePath() {
        assertThat(DatasetNames.derive(Path.of("/data/users"))).isEqualTo("data-users");
        assertThat(DatasetNames.derive(Path.of("/srv/My Files/../x_1.d/"))).isEqualTo("srv-x_1.d");
        assertThat(DatasetNames.derive(Path.of("/"))).isEqualTo("root");
        assertThat(DatasetNames.derive(Path.of("/史庫"))).isEqualTo("root");
        assertThat(DatasetNames.derive(Path.of("/.hidden/_x_"))).isEqualTo("hidden-_x");
    }

    @Test
    void everyNameIsAName() {
        for (int length = 60; length < 70; length++) {
            String name = DatasetNames.derive(Path.of("/" + "a-".repeat(length)));
            assertThat(Names.isName(name)).as(name).isTrue();
        }
    }
}
