package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.UnknownFields;

/**
 * Files of a home that hold one message each: kind 8 ({@code SAGO} and four letters), CRC32C of the message 4, the message. The
 * checksum is there so that a decayed file says so, instead of looking like a wrong passphrase or, worse, like another id key.
 */
final class RecordFiles {
    static final int HEADER_BYTES = 12;

    private final DurableFiles files;

    RecordFiles(DurableFiles files) {
        this.files = files;
    }

    /** Writes the file so that after any crash it is the old one or the new one; its folder must exist. */
    void write(Path path, RecordKind kind, ByteString message) throws IOException {
        if (message.size() > kind.bytesMax() - HEADER_BYTES) {
            throw new FaultException(
                    Fault.LIMIT, path + " would have " + message.size() + " bytes, more than it may have");
        }
        byte[] file = bytes(kind, message);
        files.atomicWrite(path, file, FileAccess.PRIVATE);
        Arrays.fill(file, (byte) 0);
    }

    /** A whole file that travels: LIMIT if it would be too long. */
    static ByteString wrap(RecordKind kind, ByteString message) throws FaultException {
        if (message.size() > kind.bytesMax() - HEADER_BYTES) {
            throw new FaultException(
                    Fault.LIMIT,
                    "a file of " + message.size() + " bytes would be longer than it may be: hand out fewer at once");
        }
        return ByteString.copyFrom(bytes(kind, message));
    }

    private static byte[] bytes(RecordKind kind, ByteString message) {
        byte[] bytes = message.toByteArray();
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + bytes.length)
                .put(kind.magic())
                .putInt(crc(bytes))
                .put(bytes);
        Arrays.fill(bytes, (byte) 0);
        return file.array();
    }

    /** The message of a file, or nothing if there is no such file; INTEGRITY if it is damaged. */
    Optional<ByteString> read(Path path, RecordKind kind) throws IOException {
        byte[] file;
        try {
            file = files.read(path, kind.bytesMax());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (file.length < HEADER_BYTES) {
            throw damaged(path, "it is cut short");
        }
        if (!Arrays.equals(file, 0, kind.magic().length, kind.magic(), 0, kind.magic().length)) {
            throw damaged(path, "it does not begin as such a file does");
        }
        Optional<ByteString> message = unwrap(kind, file);
        if (message.isEmpty()) {
            throw damaged(path, "its checksum is wrong");
        }
        return message;
    }

    /** The message of a file that begins as one of this kind does; nothing if its checksum is wrong or it is cut short. */
    static Optional<ByteString> unwrap(RecordKind kind, byte[] file) {
        if (file.length < HEADER_BYTES) {
            return Optional.empty();
        }
        byte[] message = Arrays.copyOfRange(file, HEADER_BYTES, file.length);
        boolean sound = ByteBuffer.wrap(file).getInt(kind.magic().length) == crc(message);
        return sound ? Optional.of(ByteString.copyFrom(message)) : Optional.empty();
    }

    /** The parsed message of a file; INTEGRITY if it is damaged, VERSION if a newer program wrote it. */
    <M extends Message> Optional<M> read(Path path, RecordKind kind, Parser<M> parser) throws IOException {
        Optional<ByteString> bytes = read(path, kind);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            M message = parser.parseFrom(bytes.get());
            UnknownFields.refuse(message);
            return Optional.of(message);
        } catch (InvalidProtocolBufferException e) {
            throw damaged(path, "it cannot be parsed");
        }
    }

    /** VERSION unless the format is 1. */
    static void checkFormat(Path path, int format) throws FaultException {
        if (format != 1) {
            throw new FaultException(
                    Fault.VERSION,
                    path + " has format " + format + ", this version knows 1: update sago on this machine");
        }
    }

    static FaultException damaged(Path path, String how) {
        return new FaultException(Fault.INTEGRITY, path + " is damaged: " + how + ". Put back a copy of this file");
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
