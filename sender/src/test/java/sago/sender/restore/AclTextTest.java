package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AclTextTest {
    private static final String VERSION = "02000000";

    @Test
    void writesEveryKindOfEntryInItsOrder() {
        assertThat(text(VERSION + "01000600ffffffff" + "02000400e9030000" + "04000500ffffffff" + "08000700ea030000"
                        + "10000600ffffffff" + "20000000ffffffff"))
                .isEqualTo("user::rw-,user:1001:r--,group::r-x,group:1002:rwx,mask::rw-,other::---");
    }

    @Test
    void writesEachPermissionAtItsPlace() {
        String[] expected = {"---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx"};
        for (int permissions = 0; permissions < expected.length; permissions++) {
            assertThat(text(VERSION + "01000" + permissions + "00ffffffff"))
                    .isEqualTo("user::" + expected[permissions]);
        }
    }

    @Test
    void writesNumbersOfUsersWithoutSign() {
        assertThat(text(VERSION + "02000400feffffff" + "0800040000000080"))
                .isEqualTo("user:4294967294:r--,group:2147483648:r--");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "020000",
                // Another version.
                "01000000" + "01000600ffffffff",
                "00000002" + "01000600ffffffff",
                // Cut off, or with more behind it.
                VERSION + "01000600ffffff",
                VERSION + "01000600ffffffff" + "00",
                // Tags that are none, or two at once.
                VERSION + "00000600ffffffff",
                VERSION + "03000600ffffffff",
                VERSION + "40000600ffffffff",
                VERSION + "01000600ffffffff" + "01010600ffffffff"
            })
    void hasNoTextForWhatIsNoAcl(String hex) {
        assertThat(text(hex)).isNull();
    }

    private static @Nullable String text(String hex) {
        return AclText.of(HexFormat.of().parseHex(hex));
    }
}
