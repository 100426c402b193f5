package sago.receiver.store;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sago.common.durable.DurableFiles;
import sago.common.durable.FileAccess;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.sign.Hashes;
import sago.common.trust.SessionHeaders;

/**
 * Session headers, {@code headers/<dataset>/<SHA-256 of the session's first header>.<key epoch>.header}. They lie in files of their own, neither in the
 * journal nor in the database, because an order may destroy them: what is deleted here is nowhere else at this site. Each is durable
 * before the journal record that names it. Immutable; any thread, one at a time for one dataset.
 */
final class HeaderFiles {
    private static final Logger LOG = LoggerFactory.getLogger(HeaderFiles.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([1-9][0-9]{0,9})\\.header");
    private static final int PAGE = 1_000;

    private final DurableFiles files;
    private final Path folder;
    private final StoreHealth health;

    HeaderFiles(DurableFiles files, Path folder, StoreHealth health) {
        this.files = files;
        this.folder = folder;
        this.health = health;
    }

    /** Which header: that of a session, named by its first one, and an epoch of the dataset's key. */
    record Name(Hash first, int keyEpoch) {
        static Optional<Name> parse(String file) {
            Matcher matcher = NAME.matcher(file);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            long epoch = Long.parseLong(matcher.group(2));
            return epoch > Integer.MAX_VALUE
                    ? Optional.empty()
                    : Optional.of(new Name(Hash.of(HexFormat.of().parseHex(matcher.group(1))), (int) epoch));
        }

        String file() {
            return first + "." + keyEpoch + ".header";
        }
    }

    /** Makes headers of a dataset durable. A force that failed ends the whole store. */
    void write(DatasetId dataset, Map<Name, ByteString> headers) throws FaultException {
        Map<String, byte[]> named = new TreeMap<>();
        headers.forEach((name, bytes) -> named.put(name.file(), bytes.toByteArray()));
        try {
            files.createFolders(folderOf(dataset), FileAccess.PRIVATE);
            files.atomicWriteAll(folderOf(dataset), named);
        } catch (IOException e) {
            throw failed(e, "store session headers of dataset " + dataset);
        }
    }

    /** The newest header of a session; INTEGRITY where its file is gone or is not what was stored. */
    ByteString read(SessionRow session) throws IOException {
        Path path = folderOf(session.opened().dataset()).resolve(newest(session).file());
        Optional<ByteString> bytes = files.exists(path)
                ? Optional.of(ByteString.copyFrom(files.read(path, SessionHeaders.BYTES_MAX)))
                : Optional.empty();
        if (bytes.isEmpty() || !Hashes.sha256(bytes.get()).equals(session.newest())) {
            FaultException fault = StoreFaults.damaged(
                    "session header " + path, "it is not what was stored; restore it from a copy of this site");
            LOG.error("{}", fault.getMessage());
            throw fault;
        }
        return bytes.get();
    }

    /** Deletes the headers of a dataset of epochs below this one; what is gone already does not matter. */
    void deleteBelow(DatasetId dataset, int keyEpoch) throws FaultException {
        try {
            List<String> old = new ArrayList<>();
            for (String file : list(dataset)) {
                if (Name.parse(file).filter(name -> name.keyEpoch() < keyEpoch).isPresent()) {
                    old.add(file);
                }
            }
            files.deleteAll(folderOf(dataset), old);
        } catch (IOException e) {
            throw failed(e, "delete retired session headers of dataset " + dataset);
        }
    }

    /**
     * Compares files with the journal at the start: a header without a record opens nothing that was acknowledged, and one that was retired was
     * about to be deleted, so both go; a session without its header is told, and met when somebody asks for it.
     */
    void reconcile(StateReader state) throws IOException {
        // A process that was killed may have made a folder without forcing its name.
        files.disk().forceFolder(folder);
        for (String dataset : files.list(folder)) {
            files.deleteDrafts(folder.resolve(dataset));
            clean(DatasetId.parse(dataset), state);
        }
        tellMissing(state);
    }

    private void clean(DatasetId dataset, StateReader state) throws IOException {
        int retiredBelow = state.retiredBelow(dataset);
        List<String> unknown = new ArrayList<>();
        List<String> retired = new ArrayList<>();
        for (String file : list(dataset)) {
            Optional<Name> name = Name.parse(file);
            if (name.isEmpty()) {
                LOG.warn(
                        "{} does not belong among session headers; it is left alone",
                        folderOf(dataset).resolve(file));
                continue;
            }
            Optional<SessionRow> session = state.sessionOfHeader(name.get().first())
                    .filter(row -> row.opened().dataset().equals(dataset));
            int epoch = name.get().keyEpoch();
            if (session.isEmpty() || epoch > session.get().keyEpoch()) {
                unknown.add(file);
            } else if (epoch < retiredBelow
                    && epoch < session.get().keyEpoch()
                    && files.exists(
                            folderOf(dataset).resolve(newest(session.get()).file()))) {
                retired.add(file);
            }
        }
        files.deleteAll(folderOf(dataset), unknown);
        files.deleteAll(folderOf(dataset), retired);
        if (!unknown.isEmpty() || !retired.isEmpty()) {
            LOG.info(
                    "dataset {}: deleted {} session headers that no record names and {} that were retired",
                    dataset,
                    unknown.size(),
                    retired.size());
        }
    }

    private void tellMissing(StateReader state) throws IOException {
        Optional<SessionId> after = Optional.empty();
        while (true) {
            List<SessionRow> page = state.sessions(after, PAGE);
            for (SessionRow session : page) {
                Path path = folderOf(session.opened().dataset())
                        .resolve(newest(session).file());
                if (!files.exists(path)) {
                    LOG.error(
                            "session header {} is gone: what that session stored cannot be opened from this site;"
                                    + " restore the file from a copy of this site",
                            path);
                }
            }
            if (page.size() < PAGE) {
                return;
            }
            after = Optional.of(page.get(PAGE - 1).opened().session());
        }
    }

    private static Name newest(SessionRow session) {
        return new Name(session.opened().headerSha256(), session.keyEpoch());
    }

    private List<String> list(DatasetId dataset) throws IOException {
        return files.exists(folderOf(dataset)) ? files.list(folderOf(dataset)) : List.of();
    }

    private Path folderOf(DatasetId dataset) {
        return folder.resolve(dataset.toString());
    }

    private FaultException failed(IOException cause, String doing) {
        FaultException fault = StoreFaults.of(cause, doing);
        if (cause instanceof FaultException && fault.fault() == Fault.DISK) {
            health.fail(fault);
        }
        return fault;
    }
}
