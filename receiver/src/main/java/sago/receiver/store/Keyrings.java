package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sago.common.durable.DurableFiles;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.limits.Limits;
import sago.common.sign.Hashes;
import sago.receiver.journal.RecordType;
import sago.receiver.proto.KeyringRecord;

/** Keyrings, {@code keyrings/<counter>.keyring}, all versions. They only go forward. Thread-safe by its monitor. */
final class Keyrings {
    private final StoreContext context;
    private final DurableFiles files;
    private final Path folder;

    Keyrings(StoreContext context, DurableFiles files, Path folder) {
        this.context = context;
        this.files = files;
        this.folder = folder;
    }

    /** Stores a verified keyring; waits until it is durable. The same one again is no fault. */
    synchronized void store(long counter, ByteString envelope) throws IOException {
        Optional<Hash> known = context.state().keyring(counter);
        if (known.isPresent() && known.get().equals(Hashes.sha256(envelope))) {
            return;
        }
        long newest = context.state().keyringCounter();
        if (counter <= newest) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the site has keyring " + newest + " and takes no other keyring " + counter
                            + ": this home was set back, or another one uses its keys");
        }
        files.atomicWrite(path(counter), envelope.toByteArray());
        KeyringRecord record = KeyringRecord.newBuilder()
                .setCounter(counter)
                .setFileSha256(ByteString.copyFrom(Hashes.sha256(envelope).toBytes()))
                .build();
        Commits.await(context.journal().append(RecordType.KEYRING, record.toByteString()));
    }

    /** The bytes of a keyring, as they were stored; empty where there is none of this counter. */
    Optional<ByteString> read(long counter) throws IOException {
        Optional<Hash> known = context.state().keyring(counter);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = files.read(path(counter), Limits.MESSAGE_BYTES_MAX);
        if (!Hashes.sha256(bytes).equals(known.get())) {
            throw StoreFaults.damaged("keyring " + counter, "ask another site, or store it again from home");
        }
        return Optional.of(ByteString.copyFrom(bytes));
    }

    private Path path(long counter) {
        return folder.resolve(counter + ".keyring");
    }
}
