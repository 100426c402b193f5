package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.sender.source.posix.FileStatus;
import sago.sender.source.posix.PathBytes;
import sago.sender.source.posix.Posix;
import sago.sender.source.posix.TestFiles;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKey;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Hole;
import sago.sender.tree.Holes;
import sago.sender.tree.MemoryChunks;
import sago.sender.tree.Moment;
import sago.sender.tree.TestEntries;
import sago.sender.tree.TreeBuilder;
import sago.sender.tree.Xattr;

/** What a folder's tar stream says to GNU tar and to Python's tarfile, where they are installed. */
class DumpReadBackTest {
    private static final Moment TIME = new Moment(1_600_000_000L, 123_456_789);

    /** For each entry: name, type, target, mode, owner, time, device, and bytes; what is not plain text in hexadecimal digits. */
    private static final String PYTHON = """
            import hashlib, os, sys, tarfile
            with tarfile.open(sys.argv[1]) as stream:
                for m in stream:
                    data = hashlib.sha256(stream.extractfile(m).read()).hexdigest() if m.isreg() else ""
                    device = f"{m.devmajor}:{m.devminor}" if m.isdev() and not m.isfifo() else ""
                    print(os.fsencode(m.name).hex(), m.type.decode(), os.fsencode(m.linkname).hex(), oct(m.mode),
                          f"{m.uid}:{m.gid}", m.pax_headers.get("mtime", str(int(m.mtime))), device, m.size, data, sep="|")
            """;

    private final MemoryChunks chunks = new MemoryChunks();
    private final Map<EntryKey, Entry> entries = new TreeMap<>();

    @TempDir
    Path temporary;

    private Posix posix;
    private Path stream;

    @BeforeEach
    void topFolders() throws Exception {
        posix = Posix.load();
        stream = temporary.resolve("stream.tar");
        put(Entry.of(EntryKey.ROOT, attributes(EntryKind.DIRECTORY, 0755, 0)));
        put(Entry.of(TestEntries.key("/top"), attributes(EntryKind.DIRECTORY, 0750, 0)));
    }

    @Test
    void gnuTarBringsEverythingBack() throws Exception {
        byte[] raw = rawName();
        byte[] sparse = putFiles(raw);
        putPipeAndLinks();
        dump();
        Path to = extract();

        assertThat(PathBytes.resolve(to.resolve("top"), raw)).hasContent("raw");
        assertThat(to.resolve("top/" + "long".repeat(60))).hasContent("long");
        assertThat(Files.readAllBytes(to.resolve("top/sparse"))).isEqualTo(sparse);
        assertThat(TestFiles.status(to.resolve("top/second")).inode())
                .isEqualTo(TestFiles.status(to.resolve("top/first")).inode());
        assertThat(PathBytes.of(Files.readSymbolicLink(to.resolve("top/symlink"))))
                .isEqualTo(target().toByteArray());
        assertThat(EntryKind.ofMode(TestFiles.status(to.resolve("top/pipe")).mode()))
                .isEqualTo(EntryKind.FIFO);
        assertThat(Files.exists(to.resolve("top/socket"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        for (String name : List.of("", "/first", "/sparse", "/symlink", "/pipe")) {
            FileStatus status = TestFiles.status(to.resolve("top" + name));
            assertThat(status.modified()).as(name).isEqualTo(Instant.ofEpochSecond(TIME.seconds(), TIME.nanos()));
            assertThat(status.uid()).isEqualTo(posix.uid());
        }
        assertThat(TestFiles.status(to.resolve("top/first")).mode() & 07777).isEqualTo(0640);
    }

    @Test
    void gnuTarBringsDevicesBackToRoot() throws Exception {
        Assumptions.assumeTrue(posix.uid() == 0, "only root can make devices");
        put(device("/top/disk", EntryKind.BLOCK_DEVICE, 0xfff1_03ffL));
        put(device("/top/null", EntryKind.CHARACTER_DEVICE, 0x103));
        dump();
        Path to = extract();

        assertThat(TestFiles.status(to.resolve("top/disk")).rdev()).isEqualTo(0xfff1_03ffL);
        assertThat(TestFiles.status(to.resolve("top/null")).rdev()).isEqualTo(0x103);
        assertThat(EntryKind.ofMode(TestFiles.status(to.resolve("top/disk")).mode()))
                .isEqualTo(EntryKind.BLOCK_DEVICE);
    }

    @Test
    void gnuTarBringsAclsAndExtendedAttributesBack() throws Exception {
        byte[] acl = HexFormat.of()
                .parseHex("02000000" + "01000600ffffffff" + "0200040001000000" + "04000400ffffffff" + "10000400ffffffff"
                        + "20000000ffffffff");
        List<Xattr> xattrs = List.of(
                new Xattr(ByteString.copyFromUtf8("system.posix_acl_access"), ByteString.copyFrom(acl)),
                new Xattr(ByteString.copyFromUtf8("user.50%=half"), ByteString.copyFrom(new byte[] {0, '\n', -1, '='})),
                new Xattr(ByteString.copyFromUtf8("user.empty"), ByteString.EMPTY));
        Path probe = Files.createFile(temporary.resolve("probe"));
        try {
            TestFiles.setXattrs(probe, xattrs);
        } catch (IOException e) {
            Assumptions.abort("not on this file system: " + e.getMessage());
        }
        put(file("/top/file", "x").withXattrs(xattrs));
        dump();
        Path to = extract();

        assertThat(TestFiles.xattrs(to.resolve("top/file"))).isEqualTo(xattrs);
    }

    @Test
    void pythonReadsEveryHeader() throws Exception {
        require("Python", "python3", "--version");
        byte[] raw = rawName();
        byte[] sparse = putFiles(raw);
        putPipeAndLinks();
        put(device("/top/disk", EntryKind.BLOCK_DEVICE, 0xfff1_03ffL));
        put(device("/top/null", EntryKind.CHARACTER_DEVICE, 0x103));
        dump();

        String owner = Integer.toUnsignedString(posix.uid()) + ":" + Integer.toUnsignedString(posix.gid());
        List<String> lines =
                run("python3", "-c", PYTHON, stream.toString()).lines().toList();
        Map<String, String> found = new TreeMap<>();
        for (String line : lines) {
            assertThat(line).contains("|" + owner + "|1600000000.123456789|");
            found.put(line.substring(0, line.indexOf('|')), line.replace("|" + owner + "|1600000000.123456789|", "|"));
        }
        List<String> expected = new ArrayList<>(List.of(
                line(bytes("top"), "5||0o750||0|"),
                line(bytes("top/disk"), "4||0o600|259:1048575|0|"),
                line(bytes("top/first"), "0||0o640||5|" + sha256(bytes("first"))),
                line(bytes("top/" + "long".repeat(60)), "0||0o640||4|" + sha256(bytes("long"))),
                line(bytes("top/null"), "3||0o600|1:3|0|"),
                line(bytes("top/pipe"), "6||0o600||0|"),
                line(bytes("top/second"), "1|" + hex(bytes("top/first")) + "|0o640||0|"),
                line(bytes("top/sparse"), "0||0o640||" + sparse.length + "|" + sha256(sparse)),
                line(bytes("top/symlink"), "2|" + hex(target().toByteArray()) + "|0o777||0|"),
                line(concat(bytes("top/"), raw), "0||0o640||3|" + sha256(bytes("raw")))));
        assertThat(found.values()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(lines).hasSize(expected.size());
    }

    @Test
    void aFileAloneIsItsBytesWithZerosInItsHoles() throws Exception {
        byte[] sparse = putFiles(rawName());
        Path plain = temporary.resolve("plain");
        try (OutputStream out = Files.newOutputStream(plain)) {
            Dump dump = dumpTo(out);
            dump.file(dump.find(TestEntries.key("/top/sparse")));
        }
        assertThat(Files.readAllBytes(plain)).isEqualTo(sparse);
    }

    /** Returns the bytes of the sparse one: it begins and ends with a hole, and one lies within a chunk. */
    private byte[] putFiles(byte[] raw) throws Exception {
        put(Entry.of(TestEntries.key("/top").child(raw), attributes(EntryKind.FILE, 0640, 0))
                .withContent(chunks.content(bytes("raw"), 2)));
        put(file("/top/" + "long".repeat(60), "long"));
        byte[] data = new byte[70_001];
        new Random(3).nextBytes(data);
        List<Hole> holes = List.of(new Hole(0, 4096), new Hole(8192, 100_000), new Hole(174_097, 70_000));
        put(Entry.of(TestEntries.key("/top/sparse"), attributes(EntryKind.FILE, 0640, 0))
                .withContent(chunks.content(data, 10_000), Holes.of(holes)));
        byte[] sparse = new byte[244_097];
        System.arraycopy(data, 0, sparse, 4096, 4096);
        System.arraycopy(data, 4096, sparse, 108_192, data.length - 4096);
        return sparse;
    }

    private void putPipeAndLinks() throws Exception {
        put(linked("/top/first"));
        put(linked("/top/second"));
        put(Entry.symlink(TestEntries.key("/top/symlink"), attributes(EntryKind.SYMLINK, 0777, 0), target()));
        put(Entry.of(TestEntries.key("/top/pipe"), attributes(EntryKind.FIFO, 0600, 0)));
        put(Entry.of(TestEntries.key("/top/socket"), attributes(EntryKind.SOCKET, 0600, 0)));
    }

    private Entry linked(String path) throws Exception {
        Attributes one = attributes(EntryKind.FILE, 0640, 0);
        Attributes.Identity identity = new Attributes.Identity(77, 1, 2);
        return Entry.of(
                        TestEntries.key(path),
                        new Attributes(one.kind(), one.mode(), one.uid(), one.gid(), TIME, TIME, identity, 0, 0))
                .withContent(chunks.content(bytes("first"), 5));
    }

    private Entry file(String path, String content) throws Exception {
        return Entry.of(TestEntries.key(path), attributes(EntryKind.FILE, 0640, 0))
                .withContent(chunks.content(bytes(content), 3));
    }

    private Entry device(String path, EntryKind kind, long device) {
        return Entry.of(TestEntries.key(path), attributes(kind, 0600, device));
    }

    /** More than a header holds, and not only ASCII. */
    private static ByteString target() {
        return ByteString.copyFromUtf8("../elsewhere/" + "é".repeat(100));
    }

    /** Every byte that a name can have, in one name; none of Python's or tar's own escapes. */
    private static byte[] rawName() {
        byte[] name = new byte[253];
        int at = 0;
        for (int b = 255; b > 0; b--) {
            if (b != '/' && b != '.') {
                name[at++] = (byte) b;
            }
        }
        return name;
    }

    private Attributes attributes(EntryKind kind, int mode, long device) {
        Attributes.Identity identity = new Attributes.Identity(1, 1, 1);
        return new Attributes(kind, mode, posix.uid(), posix.gid(), TIME, TIME, identity, 0, device);
    }

    private void put(Entry entry) {
        entries.put(entry.key(), entry);
    }

    private Dump dumpTo(OutputStream out) throws Exception {
        TreeBuilder builder = new TreeBuilder(chunks);
        for (Entry entry : entries.values()) {
            builder.add(entry);
        }
        return new Dump(chunks, builder.finish(), out);
    }

    private void dump() throws Exception {
        try (OutputStream out = Files.newOutputStream(stream)) {
            dumpTo(out).tar(TestEntries.key("/top"));
        }
    }

    private Path extract() throws Exception {
        Assumptions.assumeTrue(require("GNU tar", "tar", "--version").contains("GNU tar"), "tar is not GNU tar");
        Path to = Files.createDirectory(temporary.resolve("extracted"));
        run(
                "tar",
                "-xpf",
                stream.toString(),
                "-C",
                to.toString(),
                "--numeric-owner",
                "--acls",
                "--xattrs",
                "--xattrs-include=*");
        return to;
    }

    /** What the program prints; the test is skipped, and says so, where there is none. */
    private static String require(String what, String... command) throws Exception {
        try {
            return run(command);
        } catch (IOException e) {
            return Assumptions.abort("no " + what + " here: " + e.getMessage());
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static String line(byte[] name, String rest) {
        return hex(name) + "|" + rest;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
