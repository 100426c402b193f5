package sago.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Files change only through {@code durable}, and clocks are read only in {@code time}. */
class SeamsTest {
    private static final Pattern WRITING_FILES_METHOD =
            Pattern.compile("write|writeString|newOutputStream|newBufferedWriter|create.*|delete.*|move|copy|set.*");
    private static final Pattern WRITING_OLD_METHOD =
            Pattern.compile("delete.*|mkdirs?|renameTo|createNewFile|createTempFile|set(?!Name).*");
    private static final Set<String> WRITERS = Set.of(
            "java.io.FileOutputStream",
            "java.io.FileWriter",
            "java.io.RandomAccessFile",
            "java.util.logging.FileHandler");
    private static final Set<String> WRITING_OPTIONS =
            Set.of("WRITE", "APPEND", "CREATE", "CREATE_NEW", "TRUNCATE_EXISTING", "DELETE_ON_CLOSE", "SYNC", "DSYNC");

    /** Rooms that change files without {@code durable}, each with its reason. Benchmarks are tools, not nodes. */
    private static final Map<String, String> WRITING_ROOMS = Map.of("common.durable", "the seam itself");

    /** Classes outside those rooms. */
    private static final Map<String, String> WRITING_CLASSES = Map.of(
            "sago.sender.restore.TargetFiles", "writes the tree that was asked for, which is the user's",
            "sago.sender.cli.demo.DemoFolder", "the demonstration's temporary folder and planted files");

    private static Set<String> fileChanges(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                if (changesFiles(access.getTargetOwner().getName(), access.getName())) {
                    found.add(type.getName() + " " + access.getTargetOwner().getSimpleName() + "." + access.getName());
                }
            }
        }
        return found;
    }

    private static boolean changesFiles(String owner, String name) {
        return switch (owner) {
            case "java.nio.file.Files" -> WRITING_FILES_METHOD.matcher(name).matches();
            case "java.io.File" -> WRITING_OLD_METHOD.matcher(name).matches();
            case "java.nio.file.StandardOpenOption" -> WRITING_OPTIONS.contains(name);
            case "java.nio.channels.FileChannel" -> name.equals("force") || name.equals("truncate");
            default -> WRITERS.contains(owner) && name.equals("<init>");
        };
    }

    private static Set<String> clockReads(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : classes) {
            for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                String owner = access.getTargetOwner().getName();
                String name = access.getName();
                boolean reads = (owner.equals("java.lang.System")
                                && (name.equals("currentTimeMillis") || name.equals("nanoTime")))
                        || (owner.startsWith("java.time.") && name.equals("now"))
                        || (owner.equals("java.time.Clock") && name.startsWith("system"))
                        || (owner.equals("java.util.Date")
                                && name.equals("<init>")
                                && access.getDescription().contains("<init>()"));
                if (reads) {
                    found.add(type.getName() + " " + owner + "." + name);
                }
            }
        }
        return found;
    }

    private static boolean isOutside(String found, Set<String> rooms, Set<String> types) {
        return !found.startsWith("sago.bench.")
                && rooms.stream().noneMatch(room -> found.startsWith("sago." + room + "."))
                && types.stream().noneMatch(type -> found.startsWith(type + " ") || found.startsWith(type + "$"));
    }

    @Test
    void onlyDurableChangesFiles() {
        assertThat(fileChanges(ProjectClasses.all()))
                .filteredOn(found -> isOutside(found, WRITING_ROOMS.keySet(), WRITING_CLASSES.keySet()))
                .isEmpty();
    }

    @Test
    void onlyTimeReadsClocks() {
        assertThat(clockReads(ProjectClasses.all()))
                .filteredOn(found -> isOutside(found, Set.of("common.time"), Set.of()))
                .isEmpty();
    }

    @Test
    void theRulesSeeAWriteAndAClock() {
        JavaClasses culprit = new ClassFileImporter().importClasses(Culprit.class);
        assertThat(fileChanges(culprit)).hasSize(2);
        assertThat(clockReads(culprit)).hasSize(1);
    }

    /** What the rules must find. */
    static final class Culprit {
        static long write(Path path) throws IOException {
            Files.writeString(path, "x");
            Files.deleteIfExists(path);
            return System.nanoTime();
        }
    }
}
