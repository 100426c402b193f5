package sago.sender.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.durable.SimDisk;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.secret.SecretBytes;
import sago.common.sign.SigningKey;
import sago.common.time.Clock;
import sago.common.trust.NodeIdentities;
import sago.common.trust.SiteIdentity;
import sago.common.trust.SiteRequestTerms;
import sago.sender.seal.AeadProvider;
import sago.sender.seal.AeadProviders;

/** Homes on simulated disks, with one kit and one passphrase. */
final class TestHome {
    static final Path FOLDER = Path.of("/h/home");
    static final SlotCost CHEAP = new SlotCost(64, 1, 1);
    static final SecureRandom RANDOM = new SecureRandom();
    static final AeadProvider AEAD = AeadProviders.choose();
    static final String WORDS = "abandon ".repeat(23) + "art";

    static final SiteRequestTerms SG = request(1, "sg", "SG");
    static final SiteRequestTerms HK = request(2, "hk", "HK");
    static final SiteAddress ADDRESS = new SiteAddress("sg.example", 7443);
    static final List<String> INTERNAL = List.of("internal");

    private TestHome() {}

    static HomeContext on(Disk disk) {
        return new HomeContext(FOLDER, new DurableFiles(disk), RANDOM, Clock.system(), AEAD);
    }

    static HomeContext fresh() {
        return on(new SimDisk(Path.of("/h")));
    }

    static SecretBytes passphrase() {
        return utf8("correct horse");
    }

    static SecretBytes utf8(String text) {
        return SecretBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static Kit kit() throws FaultException {
        return Kit.ofWords(WORDS);
    }

    static Vault create(HomeContext home) throws IOException {
        return Vault.create(home, kit(), passphrase(), CHEAP);
    }

    static Vault open(HomeContext home) throws IOException {
        return Vault.open(home, new Unlock.Passphrase(passphrase()));
    }

    static SiteIdentity identity(int fill) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) fill);
        SigningKey key = SigningKey.ofSeeds(SecretBytes.of(seed.clone()), SecretBytes.of(seed));
        return NodeIdentities.ofSite(new SiteId(fill, fill), key.verifyingKey(), new Hash(fill, 0, 0, 0));
    }

    static SiteRequestTerms request(int fill, String name, String jurisdiction) {
        SiteIdentity identity = identity(fill);
        return new SiteRequestTerms(
                identity.site(), name, jurisdiction, identity.fingerprint(), identity.tlsSpki(), 2_000_000_000);
    }

    static void refuses(Fault fault, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }
}
