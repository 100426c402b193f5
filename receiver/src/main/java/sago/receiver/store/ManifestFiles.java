package sago.receiver.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.sign.Hashes;
import sago.receiver.proto.ManifestFile;

/**
 * Manifest files, {@code manifests/<dataset>/<sequence>.manifest}. Each is durable before the journal record that names its hash; one
 * without a record was never committed, and is replaced by the next attempt. Immutable; any thread, one at a time for one dataset.
 */
final class ManifestFiles {
    /** A stub, a body and what wraps them. */
    private static final int FILE_BYTES_MAX = Limits.COMMIT_BYTES_MAX + Limits.MANIFEST_BODY_BYTES_MAX + (64 << 10);

    private final DurableFiles files;
    private final Path folder;

    ManifestFiles(DurableFiles files, Path folder) {
        this.files = files;
        this.folder = folder;
    }

    /** Deletes what a crash left half written. */
    void clean() throws IOException {
        for (String dataset : files.list(folder)) {
            files.deleteDrafts(folder.resolve(dataset));
        }
    }

    /** Makes a manifest durable and returns the hash of its file. */
    Hash write(DatasetId dataset, long sequence, ByteString stub, ByteString body) throws IOException {
        byte[] bytes =
                ManifestFile.newBuilder().setStub(stub).setBody(body).build().toByteArray();
        files.createFolders(folder.resolve(dataset.toString()), FileAccess.PRIVATE);
        files.atomicWrite(path(dataset, sequence), bytes);
        return Hashes.sha256(bytes);
    }

    /** Reads a manifest, which must be the bytes of this hash, otherwise INTEGRITY. */
    ManifestFile read(DatasetId dataset, long sequence, Hash fileSha256) throws IOException {
        Path path = path(dataset, sequence);
        if (!files.exists(path)) {
            throw damaged(path);
        }
        byte[] bytes = files.read(path, FILE_BYTES_MAX);
        if (!Hashes.sha256(bytes).equals(fileSha256)) {
            throw damaged(path);
        }
        try {
            return ManifestFile.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw damaged(path);
        }
    }

    private static FaultException damaged(Path path) {
        return StoreFaults.damaged(
                "manifest file " + path, "it is not what was committed; restore it from a copy of this site");
    }

    private Path path(DatasetId dataset, long sequence) {
        return folder.resolve(dataset.toString()).resolve(sequence + ".manifest");
    }
}
