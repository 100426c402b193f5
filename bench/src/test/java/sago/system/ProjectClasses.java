package sago.system;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the architecture tests look at: the production classes of all modules, and the checkout. */
final class ProjectClasses {
    private ProjectClasses() {}

    /** Parsing them takes seconds, so once for all tests. */
    static JavaClasses all() {
        return Holder.ALL;
    }

    /** The top folder of the checkout. */
    static Path top() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("bin/sago"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("not inside the checkout");
            }
            folder = parent;
        }
        return folder;
    }

    /** {@code common.pack} of {@code sago.common.pack.PackHeader}: module and domain noun. Empty for what is not ours. */
    static Optional<String> room(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.", -1);
        if (parts.length < 3 || !parts[0].equals("sago")) {
            return Optional.empty();
        }
        // The native calls are a room of their own within `source`: others may use them without it.
        boolean posix = parts.length == 4 && parts[3].equals("posix");
        return Optional.of(parts[1] + "." + parts[2] + (posix ? ".posix" : ""));
    }

    private static final class Holder {
        static final JavaClasses ALL = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
                .importPackages("sago");
    }
}
