package sago.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;

/** The receiver is unable to decrypt: neither it nor common knows a cipher, and its distribution carries no codec. */
class BlindReceiverTest {
    /** Whatever opens ciphertext or decompresses. */
    private static final String[] FORBIDDEN = {
        "org.bouncycastle.crypto.hpke..",
        "org.bouncycastle.crypto.kems..",
        "org.bouncycastle.crypto.engines..",
        "org.bouncycastle.crypto.modes..",
        "org.bouncycastle.pqc.crypto.mlkem..",
        "org.bouncycastle.pqc.crypto.xwing..",
        "net.jpountz..",
        "com.github.luben..",
        "org.conscrypt..",
        "java.util.zip..",
    };

    /** Everything from outside that common and receiver may refer to; a package stands for itself and what is below it. */
    private static final List<String> ALLOWED = List.of(
            "java.io",
            "java.lang",
            "java.math",
            "java.net",
            "java.nio",
            "java.security",
            "java.sql",
            "java.text",
            "java.time",
            "java.util",
            "javax.crypto.Mac",
            "javax.crypto.spec.SecretKeySpec",
            "javax.net.ssl",
            "javax.security.auth.x500",
            "org.jspecify",
            "org.slf4j",
            "ch.qos.logback",
            "picocli",
            "io.netty",
            "io.micrometer",
            "io.prometheus",
            "com.google.protobuf",
            "com.fasterxml.jackson.core", // writes the messages of --json
            "org.snakeyaml.engine", // reads the configuration
            "org.sqlite",
            "org.bouncycastle.asn1",
            "org.bouncycastle.cert",
            "org.bouncycastle.operator",
            "com.sun.net.httpserver",
            "com.sun.nio.file.ExtendedOpenOption", // O_DIRECT
            "org.bouncycastle.crypto.ec",
            "org.bouncycastle.crypto.params",
            "org.bouncycastle.crypto.signers",
            "org.bouncycastle.crypto.util",
            "org.bouncycastle.crypto.CipherParameters",
            "org.bouncycastle.crypto.CryptoException",
            "org.bouncycastle.crypto.Signer",
            "org.bouncycastle.jcajce.provider",
            "org.bouncycastle.jce.provider.BouncyCastleProvider",
            "org.bouncycastle.math.ec",
            "org.bouncycastle.pqc.crypto.mldsa",
            "org.bouncycastle.util");

    private static final List<String> EXCEPTIONS =
            List.of("java.util.zip.CRC32", "java.util.zip.CRC32C", "java.util.zip.Checksum");

    private static ArchRule knowsNoCipher(String... modules) {
        return noClasses()
                .that()
                .resideInAnyPackage(modules)
                .should(new ReferTo(
                        "ciphers or codecs",
                        target -> EXCEPTIONS.stream().noneMatch(target::equals)
                                && (target.equals("javax.crypto.Cipher")
                                        || target.startsWith("javax.crypto.KEM")
                                        || Stream.of(FORBIDDEN)
                                                .anyMatch(p -> target.startsWith(p.substring(0, p.length() - 1))))))
                .allowEmptyShould(true);
    }

    @Test
    void commonAndReceiverReferToNoCipherNorCodec() {
        knowsNoCipher("sago.common..", "sago.receiver..").check(ProjectClasses.all());
    }

    @Test
    void theRuleSeesACipher() {
        JavaClasses withCipher = new ClassFileImporter().importClasses(OpensCiphertext.class);
        assertThat(knowsNoCipher("sago.system..").evaluate(withCipher).hasViolation())
                .isTrue();
    }

    @Test
    void commonAndReceiverReferOnlyToListedLibraries() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass type : ProjectClasses.all()) {
            String name = type.getPackageName();
            if (!name.startsWith("sago.common") && !name.startsWith("sago.receiver")) {
                continue;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (!target.isPrimitive() && !isAllowed(target.getName())) {
                    unknown.add(type.getName() + " -> " + target.getName());
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    private static boolean isAllowed(String target) {
        return target.startsWith("sago.common.")
                || target.startsWith("sago.receiver.")
                || ALLOWED.stream().anyMatch(entry -> target.equals(entry) || target.startsWith(entry + "."))
                || ALLOWED.stream().anyMatch(entry -> target.startsWith(entry + "$"));
    }

    @Test
    void theReceiversDistributionCarriesNoCodecNorCipherLibrary() throws IOException {
        Path lib = ProjectClasses.top().resolve("receiver/target/lib");
        assumeTrue(Files.isDirectory(lib), "the receiver is not packaged: run mvn verify");
        try (Stream<Path> jars = Files.list(lib)) {
            List<String> names =
                    jars.map(jar -> String.valueOf(jar.getFileName())).toList();
            assertThat(names).anyMatch(name -> name.startsWith("sago-common-"));
            assertThat(names).noneMatch(name -> name.matches("(?i).*(lz4|zstd|conscrypt|snappy|sago-sender).*"));
        }
    }

    /** What the rule must find. */
    static final class OpensCiphertext {
        static byte[] open(Cipher cipher, byte[] sealed) throws java.security.GeneralSecurityException {
            return cipher.doFinal(sealed);
        }
    }
}
