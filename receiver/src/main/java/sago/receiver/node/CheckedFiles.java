package sago.receiver.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import sago.common.durable.Disk;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.sign.UnknownFields;
import sago.receiver.proto.CheckedFile;

/** Small files of the site folder: a message and its checksum, replaced atomically, readable by the owner only. Immutable. */
final class CheckedFiles {
    static final int FORMAT = 1;
    private static final int BYTES_MAX = 64 << 10;

    private final DurableFiles files;
    private final Path folder;

    CheckedFiles(Disk disk, Path folder) {
        this.files = new DurableFiles(disk);
        this.folder = folder;
    }

    boolean exists(String name) {
        return files.exists(folder.resolve(name));
    }

    void write(String name, Message message) throws IOException {
        ByteString content = message.toByteString();
        CheckedFile file = CheckedFile.newBuilder()
                .setContent(content)
                .setCrc32C(crc(content))
                .build();
        files.atomicWrite(folder.resolve(name), file.toByteArray());
    }

    /** INTEGRITY where a bit has flipped, VERSION where a newer sago wrote it. */
    <M extends Message> M read(String name, Parser<M> parser) throws IOException {
        Path path = folder.resolve(name);
        try {
            CheckedFile file = CheckedFile.parseFrom(files.read(path, BYTES_MAX));
            if (file.getContent().isEmpty() || crc(file.getContent()) != file.getCrc32C()) {
                throw damaged(path);
            }
            M message = parser.parseFrom(file.getContent());
            UnknownFields.refuse(message);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw damaged(path);
        }
    }

    /** VERSION unless the format is the one that this version knows. */
    static void checkFormat(String name, int format) throws FaultException {
        if (format != FORMAT) {
            throw new FaultException(
                    Fault.VERSION, name + " has format " + format + "; this version of sago reads " + FORMAT);
        }
    }

    private static FaultException damaged(Path path) {
        return new FaultException(Fault.INTEGRITY, path + " is damaged: bring it back from a copy of this folder");
    }

    private static int crc(ByteString content) {
        CRC32C crc = new CRC32C();
        crc.update(content.asReadOnlyByteBuffer());
        return (int) crc.getValue();
    }
}
