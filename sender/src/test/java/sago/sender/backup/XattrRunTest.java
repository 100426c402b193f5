package sago.sender.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import sago.sender.catalog.Snapshot;
import sago.sender.pack.PackReader;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.TreeReader;
import sago.sender.tree.Xattr;

class XattrRunTest extends BackupFixture {
    private static final List<Xattr> ONE = List.of(xattr("user.one", "1"));
    private static final List<Xattr> TWO = List.of(xattr("user.one", "changed"), xattr("user.two", ""));

    @Test
    void extendedAttributesOfEveryEntryAreInEverySnapshot() throws Exception {
        Path file = source.resolve("b/noise");
        Path large = source.resolve("b/large");
        try {
            TestFiles.setXattrs(source, ONE);
        } catch (IOException e) {
            Assumptions.abort("no extended attributes here: " + e.getMessage());
        }
        TestFiles.setXattrs(file, ONE);
        TestFiles.setXattrs(large, TWO);

        Snapshot first = run().snapshot();
        assertThat(xattrs(first, source)).isEqualTo(ONE);
        assertThat(xattrs(first, file)).isEqualTo(ONE);
        assertThat(xattrs(first, large)).isEqualTo(TWO);
        assertThat(xattrs(first, source.resolve("a.txt"))).isEmpty();

        BackupResult unchanged = run();
        assertThat(xattrs(unchanged.snapshot(), source)).isEqualTo(ONE);
        assertThat(xattrs(unchanged.snapshot(), file)).isEqualTo(ONE);
        assertThat(xattrs(unchanged.snapshot(), large)).isEqualTo(TWO);

        TestFiles.setXattrs(source, TWO);
        TestFiles.setXattrs(file, List.of());
        Snapshot changed = run().snapshot();
        assertThat(xattrs(changed, source)).isEqualTo(TWO);
        assertThat(xattrs(changed, file)).isEmpty();
        assertThat(xattrs(changed, large)).isEqualTo(TWO);
    }

    private List<Xattr> xattrs(Snapshot snapshot, Path path) throws Exception {
        try (PackReader reader = new PackReader(target, target, dataset.idKey(), AEADS, 1 << 20)) {
            Entry entry = new TreeReader(reader, root(snapshot)).find(EntryKey.ofPath(PathBytes.of(path)));
            assertThat(entry).isNotNull();
            return entry == null ? List.of() : entry.xattrs();
        }
    }

    private static Xattr xattr(String name, String value) {
        return new Xattr(ByteString.copyFromUtf8(name), ByteString.copyFrom(value.getBytes(StandardCharsets.UTF_8)));
    }
}
