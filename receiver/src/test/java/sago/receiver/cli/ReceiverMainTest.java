package sago.receiver.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.common.cli.ExitCodes;
import sago.common.durable.Disk;
import sago.common.durable.FolderLock;
import sago.common.fault.Fault;
import sago.common.id.Hash;
import sago.common.id.SiteId;
import sago.common.id.VaultId;
import sago.common.sign.Fingerprint;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.GrantPins;
import sago.common.trust.SiteRequestTerms;
import sago.common.trust.SiteRequests;

final class ReceiverMainTest {
    @TempDir
    private Path temp = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** As a process would, whose output is kept. */
    private int run(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        try {
            System.setOut(new PrintStream(out, true, UTF_8));
            System.setErr(new PrintStream(err, true, UTF_8));
            return ReceiverMain.run(arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private int init(String dir, String jurisdiction, String listen) {
        return run(
                "init",
                "--dir",
                path(dir),
                "--name",
                "sg",
                "--jurisdiction",
                jurisdiction,
                "--listen",
                listen,
                "--request-out",
                path("request"));
    }

    private String path(String name) {
        return temp.resolve(name).toString();
    }

    private SiteRequestTerms request() throws Exception {
        return SiteRequests.parse(Files.readString(temp.resolve("request")));
    }

    private static String grant(SiteId site) {
        return GrantPins.text(new GrantPinTerms(new VaultId(1, 2), site, new Hash(1, 2, 3, 4), Hash.ZERO));
    }

    @Test
    void initPrintsIdentityRequestAndTheNextStep() throws Exception {
        assertThat(init("site", "SG", "127.0.0.1:7443")).isEqualTo(ExitCodes.OK);
        SiteRequestTerms request = request();
        assertThat(request.name()).isEqualTo("sg");
        assertThat(out.toString(UTF_8))
                .contains("identity  " + Fingerprint.words(request.identityFingerprint()))
                .contains("request   " + SiteRequests.text(request))
                .contains("next: at home, sago site add " + path("request"));
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void initLeavesAnExistingSiteAsItIs() throws Exception {
        assertThat(init("site", "SG", "127.0.0.1:7443")).isEqualTo(ExitCodes.OK);
        SiteRequestTerms before = request();
        assertThat(init("site", "SG", "127.0.0.1:7443")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString(UTF_8)).startsWith("sago: ").contains("holds a site already");
        assertThat(request()).isEqualTo(before);
    }

    @Test
    void initRefusesWhatCannotBe() {
        assertThat(init("site", "Singapore", "127.0.0.1:7443")).isEqualTo(ExitCodes.USAGE);
        assertThat(init("site", "SG", "7443")).isEqualTo(ExitCodes.USAGE);
        assertThat(init("site", "SG", "127.0.0.1:99999")).isEqualTo(ExitCodes.USAGE);
        assertThat(init("site", "SG", "::1:7443")).isEqualTo(ExitCodes.USAGE);
        assertThat(temp.resolve("site").resolve("site.pb")).doesNotExist();
        assertThat(err.toString(UTF_8)).doesNotContain("\tat ");
    }

    @Test
    void grantTakesATextOrAFileAndShowsTheWordsOfHome() throws Exception {
        assertThat(init("site", "SG", "127.0.0.1:0")).isEqualTo(ExitCodes.OK);
        String grant = grant(request().site());
        assertThat(run("grant", grant, "--dir", path("site"))).isEqualTo(ExitCodes.OK);
        Files.writeString(temp.resolve("grant"), grant + "\n");
        assertThat(run("grant", path("grant"), "--dir", path("site"))).isEqualTo(ExitCodes.OK);
        assertThat(out.toString(UTF_8))
                .contains("home      " + Fingerprint.words(new Hash(1, 2, 3, 4)))
                .contains("next: ")
                .contains("sago receiver run --dir " + path("site"));
    }

    @Test
    void grantRefusesOneForAnotherSiteAndOneThatIsDamaged() throws Exception {
        assertThat(init("site", "SG", "127.0.0.1:0")).isEqualTo(ExitCodes.OK);
        assertThat(run("grant", grant(new SiteId(7, 7)), "--dir", path("site")))
                .isEqualTo(Fault.PEER_REFUSED.exitCode());
        assertThat(err.toString(UTF_8)).contains("this grant is for another site");
        String damaged = grant(request().site()).replace('A', 'B');
        assertThat(run("grant", damaged, "--dir", path("site"))).isEqualTo(ExitCodes.USAGE);
        assertThat(run("grant", "nonsense", "--dir", path("site"))).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void saysThatAFolderIsNoSiteOrInUse() throws Exception {
        assertThat(run("run", "--dir", path("nothing"))).isEqualTo(ExitCodes.USAGE);
        assertThat(init("site", "SG", "127.0.0.1:0")).isEqualTo(ExitCodes.OK);
        FolderLock held = FolderLock.acquire(Disk.real(), temp.resolve("site"));
        try (held) {
            assertThat(run("run", "--dir", path("site"))).isEqualTo(Fault.LOCKED.exitCode());
        }
        assertThat(err.toString(UTF_8)).contains("is no site").contains("in use by another sago process");
    }

    @Test
    void noticesAFlippedBitInEveryFileOfTheSite() throws Exception {
        assertThat(init("site", "SG", "127.0.0.1:0")).isEqualTo(ExitCodes.OK);
        assertThat(run("grant", grant(request().site()), "--dir", path("site"))).isEqualTo(ExitCodes.OK);
        for (String name : List.of("site.pb", "identity.pb", "grant.pb")) {
            Path file = temp.resolve("site").resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int at = 0; at < good.length; at += 7) {
                byte[] bad = good.clone();
                bad[at] ^= 0x10;
                Files.write(file, bad);
                assertThat(run("run", "--dir", path("site"), "--metrics", "nowhere.invalid:1"))
                        .as("%s, byte %d", name, at)
                        .isIn(Fault.INTEGRITY.exitCode(), Fault.VERSION.exitCode());
            }
            Files.write(file, good);
        }
    }

    @Test
    void withoutACommandSaysWhatThereIs() {
        assertThat(run()).isEqualTo(ExitCodes.USAGE);
        assertThat(run("frobnicate")).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString(UTF_8)).contains("init, grant or run");
        assertThat(run("run", "--help")).isEqualTo(ExitCodes.OK);
        assertThat(out.toString(UTF_8)).contains("--metrics").contains("SIGTERM");
    }
}
