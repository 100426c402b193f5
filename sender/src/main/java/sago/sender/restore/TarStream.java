package sago.sender.restore;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sago.sender.tree.Attributes;
import sago.sender.tree.Entry;
import sago.sender.tree.EntryKind;
import sago.sender.tree.Moment;
import sago.sender.tree.Xattr;

/**
 * Writes entries as a tar stream in PAX format, byte for byte: names, extended attributes and ACLs as GNU tar writes them, so that
 * {@code tar --xattrs --xattrs-include='*' --acls} restores all. A hole becomes zeros. Sockets have no place in a tar stream.
 *
 * <pre>
 *   0 name 100   100 mode 8   108 uid 8   116 gid 8   124 size 12   136 mtime 12   148 checksum 8   156 type 1
 * 157 link 100   257 "ustar\0" "00"       329 major 8               337 minor 8    345 prefix 155   (500 of 512 bytes)
 * </pre>
 *
 * Confined to one thread.
 */
final class TarStream implements AutoCloseable {
    static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES = 100;
    private static final int ID_MAX = 07777777;
    private static final long SIZE_MAX = 077777777777L;
    private static final int RECORD_BLOCKS = 20;
    private static final byte[] ACL_ACCESS = ascii("system.posix_acl_access");
    private static final byte[] ACL_DEFAULT = ascii("system.posix_acl_default");

    private final OutputStream out;
    private long written;

    TarStream(OutputStream out) {
        this.out = out;
    }

    /** Name of an entry in the stream; a folder's ends with a slash. */
    record Name(ByteString bytes) {}

    /**
     * Begins an entry. After that of a file of its own, exactly its size must be written.
     *
     * @param first another name of the same file that came before, or null
     * @return false for a kind that a tar stream cannot hold
     */
    boolean begin(Entry entry, Name name, @Nullable Name first) throws IOException {
        byte type = type(entry.kind(), first != null);
        if (type == 0) {
            return false;
        }
        Attributes attributes = entry.attributes();
        ByteString link = first != null ? first.bytes() : entry.linkTarget();
        long size = entry.kind() == EntryKind.FILE && first == null ? entry.size() : 0;
        ByteArrayOutputStream pax = new ByteArrayOutputStream();
        if (name.bytes().size() > NAME_BYTES || !isAscii(name.bytes())) {
            add(pax, "path", name.bytes().toByteArray());
        }
        if (link.size() > NAME_BYTES || !isAscii(link)) {
            add(pax, "linkpath", link.toByteArray());
        }
        if (Integer.toUnsignedLong(attributes.uid()) > ID_MAX) {
            add(pax, "uid", ascii(Integer.toUnsignedString(attributes.uid())));
        }
        if (Integer.toUnsignedLong(attributes.gid()) > ID_MAX) {
            add(pax, "gid", ascii(Integer.toUnsignedString(attributes.gid())));
        }
        if (size > SIZE_MAX) {
            add(pax, "size", ascii(Long.toString(size)));
        }
        Moment modified = attributes.modified();
        if (modified.nanos() != 0 || modified.seconds() < 0 || modified.seconds() > SIZE_MAX) {
            add(pax, "mtime", ascii(seconds(modified)));
        }
        if (first == null) {
            for (Xattr xattr : entry.xattrs()) {
                addXattr(pax, xattr);
            }
        }
        if (pax.size() > 0) {
            byte[] records = pax.toByteArray();
            write(header(
                    new Fields(ByteString.copyFromUtf8("././@PaxHeader"), ByteString.EMPTY, (byte) 'x', records.length),
                    null));
            write(records);
            pad();
        }
        write(header(new Fields(name.bytes(), link, type, size), attributes));
        return true;
    }

    private static byte type(EntryKind kind, boolean isHardLink) {
        char type = switch (kind) {
            case FILE -> '0';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
            case SOCKET -> 0;
        };
        return (byte) (isHardLink && type != 0 ? '1' : type);
    }

    /** ACLs as text, as GNU tar reads them; everything else as it is. */
    private static void addXattr(ByteArrayOutputStream pax, Xattr xattr) throws IOException {
        byte[] name = xattr.name().toByteArray();
        byte[] value = xattr.value().toByteArray();
        if (Arrays.equals(name, ACL_ACCESS) || Arrays.equals(name, ACL_DEFAULT)) {
            String text = AclText.of(value);
            if (text != null) {
                add(pax, "SCHILY.acl." + (Arrays.equals(name, ACL_ACCESS) ? "access" : "default"), ascii(text));
                return;
            }
        }
        ByteArrayOutputStream keyword = new ByteArrayOutputStream();
        keyword.write(ascii("SCHILY.xattr."));
        for (byte b : name) {
            // The keyword ends at the first equals sign, so GNU tar writes that one otherwise.
            if (b == '=') {
                keyword.write(ascii("%3D"));
            } else if (b == '%') {
                keyword.write(ascii("%25"));
            } else {
                keyword.write(b);
            }
        }
        add(pax, keyword.toByteArray(), value);
    }

    private static void add(ByteArrayOutputStream pax, String keyword, byte[] value) throws IOException {
        add(pax, ascii(keyword), value);
    }

    /** A record: its own length, keyword, value. */
    private static void add(ByteArrayOutputStream pax, byte[] keyword, byte[] value) throws IOException {
        int rest = keyword.length + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        if (rest + Integer.toString(length).length() != length) {
            length = rest + Integer.toString(length).length();
        }
        pax.write(ascii(length + " "));
        pax.write(keyword);
        pax.write('=');
        pax.write(value);
        pax.write('\n');
    }

    /** What differs between the header of an entry and that of its PAX records. */
    private record Fields(ByteString name, ByteString link, byte type, long size) {}

    private static byte[] header(Fields fields, @Nullable Attributes attributes) {
        byte[] block = new byte[BLOCK_BYTES];
        put(block, 0, fields.name());
        octal(block, 100, 8, attributes == null ? 0644 : attributes.mode());
        octal(block, 108, 8, attributes == null ? 0 : bounded(attributes.uid()));
        octal(block, 116, 8, attributes == null ? 0 : bounded(attributes.gid()));
        octal(block, 124, 12, Math.min(fields.size(), SIZE_MAX));
        long seconds = attributes == null ? 0 : attributes.modified().seconds();
        octal(block, 136, 12, Math.max(0, Math.min(seconds, SIZE_MAX)));
        block[156] = fields.type();
        put(block, 157, fields.link());
        System.arraycopy(ascii("ustar\0" + "00"), 0, block, 257, 8);
        if (attributes != null && (fields.type() == '3' || fields.type() == '4')) {
            octal(block, 329, 8, major(attributes.rdev()));
            octal(block, 337, 8, minor(attributes.rdev()));
        }
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 7, sum);
        return block;
    }

    private static long bounded(int id) {
        return Math.min(Integer.toUnsignedLong(id), ID_MAX);
    }

    /** As Linux packs them. */
    private static long major(long rdev) {
        return (rdev >>> 8 & 0xfff) | (rdev >>> 32 & ~0xfffL);
    }

    private static long minor(long rdev) {
        return (rdev & 0xff) | (rdev >>> 12 & 0xffffff00L);
    }

    private static void put(byte[] block, int at, ByteString text) {
        text.substring(0, Math.min(text.size(), NAME_BYTES)).copyTo(block, at);
    }

    /** Digits with leading zeros, and a NUL. */
    private static void octal(byte[] block, int at, int length, long value) {
        long rest = value;
        for (int i = at + length - 2; i >= at; i--) {
            block[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
        block[at + length - 1] = 0;
    }

    private static String seconds(Moment moment) {
        if (moment.seconds() >= 0 || moment.nanos() == 0) {
            return moment.nanos() == 0
                    ? Long.toString(moment.seconds())
                    : moment.seconds() + "." + nanos(moment.nanos());
        }
        // Half a second before the epoch is -0.5: the nanoseconds count forward from the second before.
        long whole = moment.seconds() + 1;
        return "-" + Math.abs(whole) + "." + nanos(Moment.NANOS_PER_SECOND - moment.nanos());
    }

    private static String nanos(int nanos) {
        return Integer.toString(Moment.NANOS_PER_SECOND + nanos).substring(1);
    }

    private static boolean isAscii(ByteString bytes) {
        for (int i = 0; i < bytes.size(); i++) {
            if (bytes.byteAt(i) < 0x20 || bytes.byteAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Bytes of the file that was begun last. */
    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    /** Zeros of the file that was begun last. */
    void writeZeros(long length) throws IOException {
        byte[] zeros = new byte[(int) Math.min(length, 1 << 16)];
        for (long left = length; left > 0; left -= zeros.length) {
            int piece = (int) Math.min(left, zeros.length);
            out.write(zeros, 0, piece);
            written += piece;
        }
    }

    /** Ends a file: fills its last block. */
    void pad() throws IOException {
        int over = (int) (written % BLOCK_BYTES);
        if (over > 0) {
            writeZeros(BLOCK_BYTES - over);
        }
    }

    /** Ends the stream as tar does. */
    @Override
    public void close() throws IOException {
        writeZeros(2L * BLOCK_BYTES);
        long record = (long) RECORD_BLOCKS * BLOCK_BYTES;
        writeZeros((record - written % record) % record);
        out.flush();
    }
}
