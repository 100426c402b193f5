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
        posix.createLink(link, new byte[] {'f', 'i', 'l', 'e'});
        posix.setModified(file, 5, 6);
        posix.setModified(link, 1_234_567_890L, 987_654_321);

        assertThat(FileStatus.of(link).modified()).isEqualTo(Instant.ofEpochSecond(1_234_567_890L, 987_654_321));
        assertThat(FileStatus.of(file).modified()).isEqualTo(Instant.ofEpochSecond(5, 6));
    }

    @Test
    void setsTimesBeforeTheEpoch() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        posix.setModified(file, -5, 999_999_999);

        assertThat(FileStatus.of(file).modified()).isEqualTo(Instant.ofEpochSecond(-5, 999_999_999));
    }

    @Test
    void setsEveryModeBit() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        posix.setMode(file, 06751);

        assertThat(FileStatus.of(file).mode() & 07777).isEqualTo(06751);
    }

    @Test
    void setsOwnersOfLinksThemselvesAsRoot() throws Exception {
        Assumptions.assumeTrue(posix.uid() == 0, "only root can give files away");
        Path file = Files.createFile(folder.resolve("file"));
        Path link = folder.resolve("link");
        posix.createLink(link, new byte[] {'f', 'i', 'l', 'e'});
        posix.setOwner(link, 12_345, 54_321);

        assertThat(FileStatus.of(link).uid()).isEqualTo(12_345);
        assertThat(FileStatus.of(link).gid()).isEqualTo(54_321);
        assertThat(FileStatus.of(file).uid()).isEqualTo(posix.uid());
    }

    @Test
    void setsExactlyTheExtendedAttributesThatAreWanted() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Xattr one = xattr("user.one", 1);
        Xattr two = xattr("user.two", 4000);
        try {
            posix.setXattrs(file, List.of(one));
        } catch (IOException e) {
            Assumptions.abort("no extended attributes here: " + e.getMessage());
        }
        posix.setXattrs(file, List.of(two));
        assertThat(posix.xattrs(file)).containsExactly(two);
        posix.setXattrs(file, List.of(one, xattr("user.two", 0)));
        assertThat(posix.xattrs(file)).containsExactly(one, xattr("user.two", 0));
        posix.setXattrs(file, List.of());
        assertThat(posix.xattrs(file)).isEmpty();
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
            posix.setXattrs(file, wanted);
        } catch (IOException e) {
            Assumptions.abort("not on this file system: " + e.getMessage());
        }

        assertThat(posix.xattrs(file)).isEqualTo(wanted);
        Path link = folder.resolve("link");
        posix.createLink(link, new byte[] {'f', 'i', 'l', 'e'});
        assertThat(posix.xattrs(link)).isEmpty();
        posix.setXattrs(link, List.of(xattr("trusted.y", 3)));
        assertThat(posix.xattrs(link)).containsExactly(xattr("trusted.y", 3));
        assertThat(posix.xattrs(file)).isEqualTo(wanted);
    }

    @Test
    void oneAttributeThatCannotBeSetDoesNotHinderOthers() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> posix.setXattrs(file, List.of(xattr("nonsense.a", 1), xattr("user.b", 1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nonsense.a");
        Assumptions.assumeFalse(posix.xattrs(file).isEmpty(), "no extended attributes here");
        assertThat(posix.xattrs(file)).containsExactly(xattr("user.b", 1));
    }

    private static Xattr xattr(String name, int valueBytes) {
        return new Xattr(ByteString.copyFromUtf8(name), ByteString.copyFrom(new byte[valueBytes]));
    }

    @Test
    void makesPipesSocketsAndDevices() throws Exception {
        Path pipe = folder.resolve("pipe");
        Path socket = folder.resolve("socket");
        posix.makeNode(pipe, EntryKind.FIFO, 0600, 0);
        posix.makeNode(socket, EntryKind.SOCKET, 0600, 0);
        assertThat(EntryKind.ofMode(FileStatus.of(pipe).mode())).isEqualTo(EntryKind.FIFO);
        assertThat(EntryKind.ofMode(FileStatus.of(socket).mode())).isEqualTo(EntryKind.SOCKET);
        assertThatThrownBy(() -> posix.makeNode(pipe, EntryKind.FIFO, 0600, 0))
                .isInstanceOf(FileAlreadyExistsException.class);
        Assumptions.assumeTrue(posix.uid() == 0, "only root can make devices");
        Path device = folder.resolve("device");
        posix.makeNode(device, EntryKind.CHARACTER_DEVICE, 0600, 0x103);
        assertThat(FileStatus.of(device).rdev()).isEqualTo(0x103);
    }

    @Test
    void opensAPipeWithoutWaitingForAWriter() throws Exception {
        Path pipe = folder.resolve("pipe");
        posix.makeNode(pipe, EntryKind.FIFO, 0600, 0);
        try (OpenFile open = posix.openFile(pipe)) {
            assertThat(EntryKind.ofMode(open.status().mode())).isEqualTo(EntryKind.FIFO);
        }
    }

    @Test
    void givesAFileASecondName() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        posix.link(file, folder.resolve("second"));
        assertThat(FileStatus.of(folder.resolve("second")).inode())
                .isEqualTo(FileStatus.of(file).inode());
        assertThat(FileStatus.of(file).links()).isEqualTo(2);
    }

    @Test
    void punchesHolesAndFindsThem() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[1 << 20]);
        posix.punchHole(file, 4096, 8192);
        try (OpenFile open = posix.openFile(file)) {
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
        try (FileChannel channel = posix.openFile(file).channel()) {
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
        posix.createLink(folder.resolve("link"), new byte[] {'f', 'i', 'l', 'e'});
        assertThatThrownBy(() -> posix.openFile(folder.resolve("link"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> posix.openFile(folder.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void saysWhichPathAndWhyACallFailed() {
        assertThatThrownBy(() -> posix.setMode(folder.resolve("absent"), 0600))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("No such file");
    }
}
