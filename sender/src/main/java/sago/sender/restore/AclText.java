package sago.sender.restore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * ACLs as text, with numbers for users and groups. Reads what the kernel keeps in {@code system.posix_acl_*}, little-endian: version 4,
 * then entries of tag 2, permissions 2, id 4. Stateless.
 */
final class AclText {
    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 4;
    private static final int ENTRY_BYTES = 8;

    private AclText() {}

    /** For example {@code user::rw-,user:1001:r--,group::r--,mask::r--,other::---}; null if it is no such ACL. */
    static @Nullable String of(byte[] value) {
        if (value.length < HEADER_BYTES || (value.length - HEADER_BYTES) % ENTRY_BYTES != 0) {
            return null;
        }
        ByteBuffer from = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        if (from.getInt() != VERSION) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        while (from.hasRemaining()) {
            int tag = from.getShort();
            int permissions = from.getShort();
            String id = Integer.toUnsignedString(from.getInt());
            String who = switch (tag) {
                case 0x01 -> "user::";
                case 0x02 -> "user:" + id + ":";
                case 0x04 -> "group::";
                case 0x08 -> "group:" + id + ":";
                case 0x10 -> "mask::";
                case 0x20 -> "other::";
                default -> "";
            };
            if (who.isEmpty()) {
                return null;
            }
            text.append(text.length() == 0 ? "" : ",")
                    .append(who)
                    .append((permissions & 4) == 0 ? '-' : 'r')
                    .append((permissions & 2) == 0 ? '-' : 'w')
                    .append((permissions & 1) == 0 ? '-' : 'x');
        }
        return text.toString();
    }
}
