package sago.receiver.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.sign.Hashes;
import sago.common.trust.ManifestStubs;
import sago.receiver.proto.ManifestFile;

/**
 * Manifest files, {@code manifests/<dataset>/<sequence>.manifest}. Each is durable before the journal record that names its hash; one
 * without a record was never committed, and is replaced by the next attempt. Once a manifest has expired its file holds the stub alone.
 * Immutable; any thread, one at a time for one dataset.
 */
final class ManifestFiles {
    /** A stub, a body and what wraps them. */
    private static final int FILE_BYTES_MAX = Limits.COMMIT_BYTES_MAX + Limits.MANIFEST_BODY_BYTES_MAX + (64 << 10);

    /** Stubs that are rewritten together: their bytes lie in memory, and the folder is forced once for them. */
    private static final int BATCH_BYTES = 4 << 20;

    private static final int BATCH_FILES = 128;

    private static final Logger LOG = LoggerFactory.getLogger(ManifestFiles.class);

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

    /** Reads a manifest that counts, which must be the bytes of this hash, otherwise INTEGRITY. */
    ManifestFile read(DatasetId dataset, long sequence, Hash fileSha256) throws IOException {
        Path path = path(dataset, sequence);
        byte[] bytes = bytes(path);
        if (!Hashes.sha256(bytes).equals(fileSha256)) {
            throw damaged(path);
        }
        return parse(path, bytes);
    }

    /**
     * The stub of a manifest whether or not it has expired meanwhile: of the bytes that were committed, or of a file without a body whose
     * stub has the manifest hash that the journal says. Otherwise INTEGRITY.
     */
    ByteString readStub(CommittedManifest commit, Hash fileSha256) throws IOException {
        Path path = path(commit.dataset(), commit.sequence());
        byte[] bytes = bytes(path);
        ManifestFile file = parse(path, bytes);
        if (!Hashes.sha256(bytes).equals(fileSha256)) {
            requireStubOf(path, file, commit);
        }
        return file.getStub();
    }

    /**
     * Takes the bodies out of the files of expired manifests of one dataset; waits until that is durable. Files without one stay as they are,
     * and damaged ones, which are told.
     */
    void strip(DatasetId dataset, List<CommittedManifest> expired) throws IOException {
        Map<String, byte[]> stubs = new LinkedHashMap<>();
        long bytes = 0;
        for (CommittedManifest commit : expired) {
            Path path = path(dataset, commit.sequence());
            try {
                ManifestFile file = parse(path, bytes(path));
                if (file.getBody().isEmpty()) {
                    continue;
                }
                ManifestFile stub = file.toBuilder().clearBody().build();
                requireStubOf(path, stub, commit);
                stubs.put(path.getFileName().toString(), stub.toByteArray());
                bytes += stub.getSerializedSize();
            } catch (FaultException e) {
                if (e.fault() != Fault.INTEGRITY) {
                    throw e;
                }
                LOG.error("an expired manifest keeps its file: {}", e.getMessage());
            }
            if (bytes >= BATCH_BYTES || stubs.size() == BATCH_FILES) {
                files.atomicWriteAll(folder.resolve(dataset.toString()), stubs);
                stubs.clear();
                bytes = 0;
            }
        }
        if (!stubs.isEmpty()) {
            files.atomicWriteAll(folder.resolve(dataset.toString()), stubs);
        }
    }

    private static void requireStubOf(Path path, ManifestFile file, CommittedManifest commit) throws FaultException {
        if (!file.getBody().isEmpty() || !ManifestStubs.hash(file.getStub()).equals(commit.manifest())) {
            throw damaged(path);
        }
    }

    private byte[] bytes(Path path) throws IOException {
        if (!files.exists(path)) {
            throw damaged(path);
        }
        return files.read(path, FILE_BYTES_MAX);
    }

    private static ManifestFile parse(Path path, byte[] bytes) throws FaultException {
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
