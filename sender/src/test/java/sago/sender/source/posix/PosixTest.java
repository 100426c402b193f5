package sago.sender.source.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Xattr;

class PosixTest {
    @TempDir
    Path folder;

    private Posix posix;

    @BeforeEach
    void load() throws Exception {
        posix = Posix.load();
    }

    @Test
    void setsNanosecondsOfLinksThemselves() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = folder.resolve("link");
        TestFiles.makeLink(link, new byte[] {'f', 'i', 'l', 'e'});
        TestFiles.setModified(file, 5, 6);
        TestFiles.setModified(link, 1_234_567_890L, 987_654_321);

        assertThat(TestFiles.status(link).modified()).isEqualTo(Instant.ofEpochSecond(1_234_567_890L, 987_654_321));
        assertThat(TestFiles.status(file).modified()).isEqualTo(Instant.ofEpochSecond(5, 6));
    }

    @Test
    void setsTimesBeforeTheEpoch() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        TestFiles.setModified(file, -5, 999_999_999);

        assertThat(TestFiles.status(file).modified()).isEqualTo(Instant.ofEpochSecond(-5, 999_999_999));
    }

    @Test
    void setsEveryModeBit() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        TestFiles.setMode(file, 06751);

        assertThat(TestFiles.status(file).mode() & 07777).isEqualTo(06751);
    }

    @Test
    void setsOwnersOfLinksThemselvesAsRoot() throws Exception {
        Assumptions.assumeTrue(posix.uid() == 0, "only root can give files away");
        Path file = Files.createFile(folder.resolve("file"));
        Path link = folder.resolve("link");
        TestFiles.makeLink(link, new byte[] {'f', 'i', 'l', 'e'});
        TestFiles.setOwner(link, 12_345, 54_321);

        assertThat(TestFiles.status(link).uid()).isEqualTo(12_345);
        assertThat(TestFiles.status(link).gid()).isEqualTo(54_321);
        assertThat(TestFiles.status(file).uid()).isEqualTo(posix.uid());
    }

    @Test
    void setsExactlyTheExtendedAttributesThatAreWanted() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Xattr one = xattr("user.one", 1);
        Xattr two = xattr("user.two", 4000);
        try {
            TestFiles.setXattrs(file, List.of(one));
        } catch (IOException e) {
            Assumptions.abort("no extended attributes here: " + e.getMessage());
        }
        TestFiles.setXattrs(file, List.of(two));
        assertThat(TestFiles.xattrs(file)).containsExactly(two);
        TestFiles.setXattrs(file, List.of(one, xattr("user.two", 0)));
        assertThat(TestFiles.xattrs(file)).containsExactly(one, xattr("user.two", 0));
        TestFiles.setXattrs(file, List.of());
        assertThat(TestFiles.xattrs(file)).isEmpty();
    }

    @Test
    void setsAclsCapabilitiesAndTrustedAttributesAsRoot() throws Exception {
        Assumptions.assumeTrue(posix.uid() == 0, "only root can set them");
        Path file = Files.createFile(folder.resolve("file"));
        // Version 2, user::rw-, user 1:r--, group::r--, mask::r--, other::---
        byte[] acl = HexFormat.of()
                .parseHex("02000000" + "01000600ffffffff" + "0200040001000000" + "04000400ffffffff" + "10000400ffffffff"
                        + "20000000ffffffff");
        byte[] capability = HexFormat.of().parseHex("0100000200040000000000000000000000000000");
        List<Xattr> wanted = Xattr.sorted(List.of(
                new Xattr(ByteString.copyFromUtf8("system.posix_acl_access"), ByteString.copyFrom(acl)),
                new Xattr(ByteString.copyFromUtf8("security.capability"), ByteString.copyFrom(capability)),
                xattr("trusted.x", 10)));
        try {
            TestFiles.setXattrs(file, wanted);
        } catch (IOException e) {
            Assumptions.abort("not on this file system: " + e.getMessage());
        }

        assertThat(TestFiles.xattrs(file)).isEqualTo(wanted);
        Path link = folder.resolve("link");
        TestFiles.makeLink(link, new byte[] {'f', 'i', 'l', 'e'});
        assertThat(TestFiles.xattrs(link)).isEmpty();
        TestFiles.setXattrs(link, List.of(xattr("trusted.y", 3)));
        assertThat(TestFiles.xattrs(link)).containsExactly(xattr("trusted.y", 3));
        assertThat(TestFiles.xattrs(file)).isEqualTo(wanted);
    }

    private static Xattr xattr(String name, int valueBytes) {
        return new Xattr(ByteString.copyFromUtf8(name), ByteString.copyFrom(new byte[valueBytes]));
    }

    @Test
    void makesPipesSocketsAndDevices() throws Exception {
        Path pipe = folder.resolve("pipe");
        Path socket = folder.resolve("socket");
        TestFiles.makeNode(pipe, EntryKind.FIFO, 0);
        TestFiles.makeNode(socket, EntryKind.SOCKET, 0);
        assertThat(EntryKind.ofMode(TestFiles.status(pipe).mode())).isEqualTo(EntryKind.FIFO);
        assertThat(EntryKind.ofMode(TestFiles.status(socket).mode())).isEqualTo(EntryKind.SOCKET);
        assertThatThrownBy(() -> TestFiles.makeNode(pipe, EntryKind.FIFO, 0))
                .isInstanceOf(FileAlreadyExistsException.class);
        Assumptions.assumeTrue(posix.uid() == 0, "only root can make devices");
        Path device = folder.resolve("device");
        TestFiles.makeNode(device, EntryKind.CHARACTER_DEVICE, 0x103);
        assertThat(TestFiles.status(device).rdev()).isEqualTo(0x103);
    }

    @Test
    void opensAPipeWithoutWaitingForAWriter() throws Exception {
        Path pipe = folder.resolve("pipe");
        TestFiles.makeNode(pipe, EntryKind.FIFO, 0);
        try (OpenFile open = OpenFile.of(PathBytes.of(pipe))) {
            assertThat(EntryKind.ofMode(open.status().mode())).isEqualTo(EntryKind.FIFO);
        }
    }

    @Test
    void givesAFileASecondName() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (OpenFolder open = OpenFolder.open(folder)) {
            open.link(PathBytes.nameOf(file), open, new byte[] {'s', 'e', 'c', 'o', 'n', 'd'});
        }
        assertThat(TestFiles.status(folder.resolve("second")).inode())
                .isEqualTo(TestFiles.status(file).inode());
        assertThat(TestFiles.status(file).links()).isEqualTo(2);
    }

    @Test
    void punchesHolesAndFindsThem() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[1 << 20]);
        TestFiles.punchHole(file, 4096, 8192);
        try (OpenFile open = OpenFile.of(PathBytes.of(file))) {
            assertThat(open.size()).isEqualTo(1 << 20);
            assertThat(open.seekHole(0)).isEqualTo(4096);
            assertThat(open.seekData(4096)).isEqualTo(12_288);
            assertThat(open.seekData(1 << 20)).isEqualTo(-1);
        }
    }

    @Test
    void readingLeavesTheAccessTimeAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "hello");
        // Older than the modification, so that even a file system that writes few access times would write this one.
        Files.setAttribute(file, "lastAccessTime", FileTime.fromMillis(1));
        try (FileChannel channel = OpenFile.of(PathBytes.of(file)).channel()) {
            ByteBuffer read = ByteBuffer.allocate(10);
            assertThat(channel.read(read)).isEqualTo(5);
            assertThat(channel.read(read)).isEqualTo(-1);
            assertThat(new String(read.array(), 0, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
        }
        assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(FileTime.fromMillis(1));
    }

    @Test
    void followsNoLinkWhenItOpens() throws Exception {
        Files.writeString(folder.resolve("file"), "hello");
        TestFiles.makeLink(folder.resolve("link"), new byte[] {'f', 'i', 'l', 'e'});
        assertThatThrownBy(() -> OpenFile.of(PathBytes.of(folder.resolve("link"))))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> OpenFile.of(PathBytes.of(folder.resolve("absent"))))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void saysWhichPathAndWhyACallFailed() {
        assertThatThrownBy(() -> posix.reader().status(PathBytes.of(folder.resolve("absent"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("No such file");
    }
}
