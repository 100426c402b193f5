package sago.sender.tree;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.List;
import sago.common.limits.Limits;

/**
 * An extended attribute of an entry, of any namespace; ACLs and capabilities are among them. Immutable.
 *
 * @param name with its namespace, for example {@code user.comment}; 1 to 255 bytes without NUL
 * @param value as the kernel gives it
 */
public record Xattr(ByteString name, ByteString value) {
    private static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();

    public Xattr {
        if (name.isEmpty() || name.size() > Limits.XATTR_NAME_BYTES_MAX) {
            throw new IllegalArgumentException("name of an extended attribute: " + name.size() + " bytes");
        }
        for (int i = 0; i < name.size(); i++) {
            if (name.byteAt(i) == 0) {
                throw new IllegalArgumentException("an extended attribute whose name has a NUL byte");
            }
        }
        if (value.size() > Limits.XATTR_VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("an extended attribute of " + value.size() + " bytes");
        }
    }

    /** What it counts towards {@link Limits#XATTRS_BYTES_MAX}. */
    public int bytes() {
        return name.size() + value.size();
    }

    /** Sum of a list. */
    public static long bytes(List<Xattr> xattrs) {
        long sum = 0;
        for (Xattr xattr : xattrs) {
            sum += xattr.bytes();
        }
        return sum;
    }

    /** The list as an entry may hold it: ascending by name, each name once, not too much in all. */
    static List<Xattr> checked(List<Xattr> xattrs) {
        for (int i = 1; i < xattrs.size(); i++) {
            if (ORDER.compare(xattrs.get(i - 1).name(), xattrs.get(i).name()) >= 0) {
                throw new IllegalArgumentException("extended attributes out of order");
            }
        }
        if (bytes(xattrs) > Limits.XATTRS_BYTES_MAX) {
            throw new IllegalArgumentException("extended attributes of " + bytes(xattrs) + " bytes");
        }
        return List.copyOf(xattrs);
    }

    /** Ascending by name, as entries hold them. */
    public static List<Xattr> sorted(List<Xattr> xattrs) {
        return xattrs.stream().sorted(Comparator.comparing(Xattr::name, ORDER)).toList();
    }
}
