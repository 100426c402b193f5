package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.VaultId;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.sign.WordList;
import sago.common.time.Clock;
import sago.common.trust.HomeIdentity;
import sago.common.trust.NodeIdentities;
import sago.sender.seal.KemKeyPair;

final class KitTest {
    /** The four kits of 24 words among the published examples of BIP-39 that are one repeated byte. */
    @Test
    void readsAndWritesThePublishedSentences() throws FaultException {
        for (String[] example : new String[][] {
            {"00", "abandon ".repeat(23) + "art"},
            {
                "7f",
                "legal winner thank year wave sausage worth useful ".repeat(2)
                        + "legal winner thank year wave sausage worth title"
            },
            {
                "80",
                "letter advice cage absurd amount doctor acoustic avoid ".repeat(2)
                        + "letter advice cage absurd amount doctor acoustic bless"
            },
            {"ff", "zoo ".repeat(23) + "vote"}
        }) {
            SecretBytes secret = SecretBytes.of(HexFormat.of().parseHex(example[0].repeat(32)));
            assertThat(String.join(" ", Mnemonic.encode(secret))).isEqualTo(example[1]);
            assertThat(Mnemonic.decode(example[1])).isEqualTo(secret);
        }
    }

    @Test
    void readsWhatItWroteWhateverCaseAndSpacing() throws FaultException {
        for (int i = 0; i < 50; i++) {
            try (Kit kit = Kit.generate(TestHome.RANDOM)) {
                String text = "  " + String.join("\n ", kit.words()).toUpperCase(Locale.ROOT) + "\t\n";
                assertThat(Kit.ofWords(text).words()).isEqualTo(kit.words());
            }
        }
    }

    @Test
    void namesPositionAndNearWordsOfAWordThatIsNone() {
        assertThatThrownBy(() -> Kit.ofWords(TestHome.WORDS.replaceFirst("abandon abandon", "abandon abandn")))
                .isInstanceOfSatisfying(FaultException.class, e -> {
                    assertThat(e.fault()).isEqualTo(Fault.WRONG_KEY);
                    assertThat(e).hasMessageContaining("word 2 ").hasMessageContaining("abandon");
                });
    }

    @Test
    void refusesAnyOtherNumberOfWords() {
        for (int words : new int[] {0, 1, 12, 23, 25, 48}) {
            TestHome.refuses(Fault.WRONG_KEY, () -> Kit.ofWords("abandon ".repeat(words)));
        }
    }

    @Test
    void refusesNearlyEveryExchangeOfAWord() throws FaultException {
        // 8 bits of checksum: one exchange in 256 goes unseen, and is then told by the vault or the anchor.
        int seen = 0;
        List<String> words = new ArrayList<>(Arrays.asList(TestHome.WORDS.split(" ", -1)));
        for (int index = 1; index <= 512; index++) {
            words.set(5, WordList.english().word(index));
            try {
                Kit.ofWords(String.join(" ", words)).close();
            } catch (FaultException e) {
                assertThat(e.fault()).isEqualTo(Fault.WRONG_KEY);
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(495);
    }

    @Test
    void derivesTheSameKeysAgainAndOthersFromAnotherKit() throws FaultException {
        VaultId vault = new VaultId(1, 2);
        HomeIdentity home = NodeIdentities.ofHome(
                vault, SigningKey.generate(TestHome.RANDOM).verifyingKey());
        try (Kit kit = TestHome.kit();
                Kit again = TestHome.kit();
                Kit other = Kit.generate(TestHome.RANDOM);
                KemKeyPair pair = kit.keyPair();
                KemKeyPair pairAgain = again.keyPair();
                KemKeyPair pairOther = other.keyPair()) {
            assertThat(pairAgain.publicKey()).isEqualTo(pair.publicKey()).isNotEqualTo(pairOther.publicKey());
            Clock clock = Clock.system();
            assertThat(again.tlsIdentity(TestHome.RANDOM, clock).spki())
                    .isEqualTo(kit.tlsIdentity(TestHome.RANDOM, clock).spki())
                    .isNotEqualTo(other.tlsIdentity(TestHome.RANDOM, clock).spki());
            assertThat(again.made(kit.anchor(vault, 1, home), vault, 1, home)).isTrue();
            assertThat(other.made(kit.anchor(vault, 1, home), vault, 1, home)).isFalse();
            assertThat(kit.made(kit.anchor(vault, 1, home), vault, 2, home)).isFalse();
            assertThat(kit.made(kit.anchor(vault, 1, home), new VaultId(1, 3), 1, home))
                    .isFalse();
        }
    }

    @Test
    void pinsWhatIsDerivedFromAKit() throws FaultException {
        try (Kit kit = TestHome.kit();
                KemKeyPair pair = kit.keyPair()) {
            assertThat(HexFormat.of().formatHex(pair.seed().reveal()))
                    .isEqualTo("769c4d870dd5227164b748d304e8b62b34ca0f69695a9edb6b167240f6fb35cd");
            assertThat(kit.tlsIdentity(TestHome.RANDOM, Clock.system()).spki())
                    .hasToString("5aaf4befdcb6374dccb31ed0da292f1b58f03b5ba671625255c8f30a27a26ddf");
        }
    }

    @Test
    void showsNoWordInItsText() throws FaultException {
        assertThat(TestHome.kit()).hasToString("Kit[hidden]");
    }
}
