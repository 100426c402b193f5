package sago.sender.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;
import sago.sender.tree.TestEntries;
import sago.sender.tree.Xattr;

/** The bytes of headers: those of plain ones are what another implementation of ustar writes. */
class TarStreamTest {
    private static final int BLOCK = TarStream.BLOCK_BYTES;
    private static final Moment TIME = new Moment(1_700_000_000L, 0);

    /** What the headers here have in common: owner, group, time, and what ustar is known by. */
    private static final String OWNED = "108:0001750 116:0001751 136:14524770400 257:ustar 263:00 ";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarStream stream = new TarStream(out);

    @Test
    void aFileIsItsHeaderAndItsBytesInWholeBlocks() throws Exception {
        assertThat(stream.begin(entry(EntryKind.FILE, 04755, 5, 0), name("data/hello.txt"), null))
                .isTrue();
        stream.write(ascii("hello"));
        stream.pad();

        assertThat(out.toByteArray())
                .startsWith(header("0:data/hello.txt 100:0004755 124:00000000005 148:010621 156:0"))
                .endsWith(Arrays.copyOf(ascii("hello"), BLOCK))
                .hasSize(2 * BLOCK);
    }

    @Test
    void foldersLinksPipesAndDevicesHaveTheirTypes() throws Exception {
        assertThat(headerOf(entry(EntryKind.DIRECTORY, 01777, 0, 0), "data/", null))
                .isEqualTo(header("0:data/ 100:0001777 124:00000000000 148:006760 156:5"));
        Entry link = Entry.symlink(
                TestEntries.key("/x"),
                attributes(EntryKind.SYMLINK, 0777, 0, 0),
                ByteString.copyFromUtf8("../elsewhere"));
        assertThat(headerOf(link, "data/link", null))
                .isEqualTo(header("0:data/link 100:0000777 124:00000000000 148:011751 156:2 157:../elsewhere"));
        assertThat(headerOf(entry(EntryKind.FIFO, 0600, 0, 0), "data/pipe", null))
                .isEqualTo(header("0:data/pipe 100:0000600 124:00000000000 148:007617 156:6"));
        assertThat(headerOf(entry(EntryKind.CHARACTER_DEVICE, 0666, 0, 0x103), "data/null", null))
                .isEqualTo(header("0:data/null 100:0000666 124:00000000000 148:011111 156:3 329:0000001 337:0000003"));
    }

    @Test
    void deviceNumbersAreTakenApartAsLinuxPacksThem() throws Exception {
        assertThat(headerOf(entry(EntryKind.BLOCK_DEVICE, 0660, 0, 0xfff1_03ffL), "data/disk", null))
                .isEqualTo(header("0:data/disk 100:0000660 124:00000000000 148:011144 156:4 329:0000403 337:3777777"));
    }

    @Test
    void aHardLinkNamesTheFirstAndHasNoBytesAndNoAttributes() throws Exception {
        Entry file = entry(EntryKind.FILE, 0644, 5, 0).withXattrs(List.of(xattr("user.a", "b")));

        assertThat(headerOf(file, "data/second", name("data/hello.txt")))
                .isEqualTo(header("0:data/second 100:0000644 124:00000000000 148:012713 156:1 157:data/hello.txt"));
    }

    @Test
    void socketsAreLeftOutWithoutATrace() throws Exception {
        assertThat(stream.begin(entry(EntryKind.SOCKET, 0600, 0, 0), name("socket"), null))
                .isFalse();
        assertThat(out.size()).isZero();
    }

    @Test
    void aNameOfAHundredBytesStandsInTheHeaderAndALongerOneInARecordToo() throws Exception {
        Entry file = entry(EntryKind.FILE, 0644, 0, 0);
        String longest = "n".repeat(100);
        assertThat(headerOf(file, longest, null)).startsWith(ascii(longest + "0000644\0"));

        out.reset();
        assertThat(stream.begin(file, name(longest + "m"), null)).isTrue();
        byte[] all = out.toByteArray();
        assertThat(all).hasSize(3 * BLOCK);
        assertThat(Arrays.copyOf(all, BLOCK))
                .isEqualTo(block("0:././@PaxHeader 100:0000644 108:0000000 116:0000000 124:00000000157 136:00000000000 "
                        + "148:010236 156:x 257:ustar 263:00"));
        assertThat(Arrays.copyOfRange(all, BLOCK, 2 * BLOCK))
                .isEqualTo(Arrays.copyOf(ascii("111 path=" + longest + "m\n"), BLOCK));
        assertThat(Arrays.copyOfRange(all, 2 * BLOCK, 3 * BLOCK)).startsWith(ascii(longest + "0000644\0"));
    }

    @Test
    void targetsOfLinksThatAreLongHaveARecord() throws Exception {
        ByteString target = ByteString.copyFromUtf8("t".repeat(4000));
        Entry link = Entry.symlink(TestEntries.key("/x"), attributes(EntryKind.SYMLINK, 0777, 0, 0), target);
        String first = "f".repeat(101);

        assertThat(records(link, "x", null)).containsExactly("linkpath=" + target.toStringUtf8());
        assertThat(records(entry(EntryKind.FILE, 0644, 5, 0), "x", name(first))).containsExactly("linkpath=" + first);
    }

    @Test
    void namesThatAreNotAsciiStandInARecordByteForByte() throws Exception {
        byte[] raw = new byte[255];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i + 1);
        }
        Entry file = entry(EntryKind.FILE, 0644, 0, 0);
        TarStream.Name name = new TarStream.Name(ByteString.copyFrom(raw));

        assertThat(stream.begin(file, name, null)).isTrue();

        byte[] expected = ascii("265 path=" + " ".repeat(255) + "\n");
        System.arraycopy(raw, 0, expected, 9, raw.length);
        assertThat(Arrays.copyOfRange(out.toByteArray(), BLOCK, BLOCK + 265)).isEqualTo(expected);
        for (String odd : List.of("é", "\n", "\177", "\001")) {
            assertThat(records(file, odd, null)).containsExactly("path=" + odd);
        }
        assertThat(records(file, " ~", null)).isEmpty();
    }

    /** One digit more makes the record one byte longer, which may be one digit more. */
    @Test
    void everyRecordSaysItsOwnLength() throws Exception {
        for (int length = 0; length < 1_100; length++) {
            String value = "v".repeat(length);
            assertThat(records(entry(EntryKind.FILE, 0644, 0, 0).withXattrs(List.of(xattr("u", value))), "x", null))
                    .containsExactly("SCHILY.xattr.u=" + value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, ",
        "1, 1, 1.000000001",
        "1700000000, 500000000, 1700000000.500000000",
        "-1, 0, -1",
        "-1, 500000000, -0.500000000",
        "-2, 999999999, -1.000000001",
        "8589934591, 0, ",
        "8589934592, 0, 8589934592"
    })
    void timesThatTheHeaderCannotHoldHaveARecord(long seconds, int nanos, @Nullable String record) throws Exception {
        Entry file = Entry.of(
                TestEntries.key("/x"),
                new Attributes(
                        EntryKind.FILE,
                        0644,
                        0,
                        0,
                        new Moment(seconds, nanos),
                        TIME,
                        new Attributes.Identity(1, 1, 1),
                        0,
                        0));

        assertThat(records(file, "x", null)).isEqualTo(record == null ? List.of() : List.of("mtime=" + record));
    }

    @Test
    void ownersAndSizesThatTheHeaderCannotHoldHaveARecord() throws Exception {
        Attributes.Identity identity = new Attributes.Identity(1, 1, 1);
        Attributes fits =
                new Attributes(EntryKind.FILE, 0644, 07777777, 07777777, TIME, TIME, identity, 077777777777L, 0);
        Attributes exceeds =
                new Attributes(EntryKind.FILE, 0644, 010000000, -2, TIME, TIME, identity, 0100000000000L, 0);

        assertThat(records(Entry.of(TestEntries.key("/x"), fits), "x", null)).isEmpty();
        assertThat(records(Entry.of(TestEntries.key("/x"), exceeds), "x", null))
                .containsExactly("uid=2097152", "gid=4294967294", "size=8589934592");
    }

    @Test
    void extendedAttributesHaveRecordsAsGnuTarWritesThem() throws Exception {
        byte[] acl = HexFormat.of().parseHex("02000000" + "01000600ffffffff" + "04000400ffffffff" + "20000000ffffffff");
        Entry file = entry(EntryKind.FILE, 0644, 0, 0)
                .withXattrs(List.of(
                        new Xattr(ByteString.copyFromUtf8("system.posix_acl_access"), ByteString.copyFrom(acl)),
                        xattr("system.posix_acl_default", "no acl"),
                        xattr("user.50%=half", "a=b\nc\0"),
                        xattr("user.empty", "")));

        assertThat(records(file, "x", null))
                .containsExactly(
                        "SCHILY.acl.access=user::rw-,group::r--,other::---",
                        "SCHILY.xattr.system.posix_acl_default=no acl",
                        "SCHILY.xattr.user.50%25%3Dhalf=a=b\nc\0",
                        "SCHILY.xattr.user.empty=");
    }

    @Test
    void theStreamEndsWithZerosAtTheEndOfARecordOfTwentyBlocks() throws Exception {
        for (int blocks : new int[] {0, 1, 17, 18, 19, 20, 21}) {
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            try (TarStream ended = new TarStream(to)) {
                for (int i = 0; i < blocks; i++) {
                    assertThat(ended.begin(entry(EntryKind.FIFO, 0600, 0, 0), name("x"), null))
                            .isTrue();
                }
            }
            byte[] all = to.toByteArray();
            assertThat(all.length).as("%d blocks", blocks).isEqualTo(blocks <= 18 ? 10_240 : 20_480);
            assertThat(Arrays.copyOfRange(all, blocks * BLOCK, all.length)).containsOnly(0);
        }
    }

    private byte[] headerOf(Entry entry, String name, TarStream.@Nullable Name first) throws IOException {
        out.reset();
        assertThat(stream.begin(entry, name(name), first)).isTrue();
        assertThat(out.size()).isEqualTo(BLOCK);
        return out.toByteArray();
    }

    /** The PAX records before the header, without their lengths, of which each must be right. */
    private List<String> records(Entry entry, String name, TarStream.@Nullable Name first) throws IOException {
        out.reset();
        assertThat(stream.begin(entry, name(name), first)).isTrue();
        String all = out.toString(StandardCharsets.ISO_8859_1);
        List<String> records = new ArrayList<>();
        if (all.length() == BLOCK) {
            return records;
        }
        assertThat(all.charAt(156)).isEqualTo('x');
        int length = Integer.parseInt(all.substring(124, 135), 8);
        int at = BLOCK;
        while (at < BLOCK + length) {
            int space = all.indexOf(' ', at);
            int end = at + Integer.parseInt(all.substring(at, space));
            assertThat(all.charAt(end - 1)).isEqualTo('\n');
            records.add(all.substring(space + 1, end - 1));
            at = end;
        }
        assertThat(at).isEqualTo(BLOCK + length);
        assertThat(all.length() % BLOCK).isZero();
        return records;
    }

    /** A block of the fields that all of these have, and of more. */
    private static byte[] header(String fields) {
        return block(OWNED + fields);
    }

    /** A block of zeros but for texts at offsets, and the space behind the checksum. */
    private static byte[] block(String fields) {
        byte[] block = new byte[BLOCK];
        block[155] = ' ';
        for (String field : fields.split(" ", -1)) {
            int at = Integer.parseInt(field.substring(0, field.indexOf(':')));
            byte[] text = ascii(field.substring(field.indexOf(':') + 1));
            System.arraycopy(text, 0, block, at, text.length);
        }
        return block;
    }

    private static Entry entry(EntryKind kind, int mode, long size, long rdev) {
        return Entry.of(TestEntries.key("/x"), attributes(kind, mode, size, rdev));
    }

    private static Attributes attributes(EntryKind kind, int mode, long size, long rdev) {
        return new Attributes(kind, mode, 1000, 1001, TIME, TIME, new Attributes.Identity(1, 1, 1), size, rdev);
    }

    private static TarStream.Name name(String text) {
        return new TarStream.Name(ByteString.copyFrom(text, StandardCharsets.ISO_8859_1));
    }

    private static Xattr xattr(String name, String value) {
        return new Xattr(ByteString.copyFromUtf8(name), ByteString.copyFromUtf8(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
