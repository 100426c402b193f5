package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.trust.Names;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderEntry;

/**
 * Who backs up which dataset: each has one sender, home's own or one with a name. A name may have had several keys; they all stay, since they
 * signed manifests. From content to content, or reading; stateless.
 */
final class VaultSenders {
    private VaultSenders() {}

    /** The senders with a name, each with its last keys, in the order in which the names came. */
    static List<SenderInfo> list(KeyringContent content) {
        Set<String> names = new LinkedHashSet<>();
        content.getSendersList().stream()
                .map(SenderEntry::getName)
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        ByteString policy =
                ByteString.copyFrom(new Policy(content.getSitesList()).sha256().toBytes());
        List<SenderInfo> senders = new ArrayList<>();
        for (String name : names) {
            SenderEntry last = last(content, name).orElseThrow();
            List<DatasetSecrets> datasets = content.getDatasetsList().stream()
                    .filter(dataset -> last.getRevoked() == 0
                            ? dataset.getSender().equals(name)
                            : last.getDatasetsList().contains(dataset.getDataset()))
                    .toList();
            boolean needsBundle = last.getRevoked() == 0
                    && datasets.stream()
                            .anyMatch(dataset -> dataset.getGrantedEpoch()
                                            != Contents.newestEpoch(dataset).getEpoch()
                                    || !dataset.getGrantedPolicy().equals(policy));
            senders.add(new SenderInfo(
                    name,
                    datasets.stream().map(DatasetSecrets::getName).toList(),
                    last.getSince(),
                    last.getRevoked(),
                    needsBundle));
        }
        return senders;
    }

    /** Names of the datasets that a sender has when it is given one more; USAGE where it has keys already and they may not be replaced. */
    static Set<String> datasetsOf(KeyringContent content, String name, String added, boolean replace)
            throws FaultException {
        Names.requireName("sender", name);
        boolean active =
                last(content, name).filter(entry -> entry.getRevoked() == 0).isPresent();
        if (active && !replace) {
            throw new FaultException(
                    Fault.USAGE,
                    "there is a sender " + name
                            + ": with --replace it gets fresh keys for all its datasets and this one,"
                            + " and works again once it has joined with the new file");
        }
        Set<String> datasets = new TreeSet<>();
        datasets.add(added);
        content.getDatasetsList().stream()
                .filter(dataset -> dataset.getSender().equals(name))
                .map(DatasetSecrets::getName)
                .forEach(datasets::add);
        return datasets;
    }

    /** The content in which these datasets are those of a sender, and nobody else has its name. */
    static KeyringContent granted(
            KeyringContent content, String name, Grantee keys, Set<String> datasets, long nowSeconds) {
        ByteString policy =
                ByteString.copyFrom(new Policy(content.getSitesList()).sha256().toBytes());
        SenderEntry.Builder entry = SenderEntry.newBuilder()
                .setName(name)
                .setKey(keys.key().toProto().toByteString())
                .setTlsSpki(ByteString.copyFrom(keys.tlsSpki().toBytes()))
                .setSince(nowSeconds);
        KeyringContent.Builder next = ended(content, name, nowSeconds).toBuilder();
        for (DatasetSecrets.Builder dataset : next.getDatasetsBuilderList()) {
            if (datasets.contains(dataset.getName())) {
                entry.addDatasets(dataset.getDataset());
                dataset.setSender(name)
                        .setGrantedEpoch(Contents.newestEpoch(dataset.build()).getEpoch())
                        .setGrantedPolicy(policy);
            }
        }
        return next.addSenders(entry).build();
    }

    /** The content in which the datasets of a sender are home's own again; NOT_FOUND if there never was one of the name. */
    static KeyringContent revoked(KeyringContent content, String name, long nowSeconds) throws FaultException {
        if (name.isEmpty() || last(content, name).isEmpty()) {
            throw new FaultException(
                    Fault.NOT_FOUND,
                    "this vault has no sender " + Names.requireName("sender", name)
                            + ": `sago sender list` shows them");
        }
        KeyringContent.Builder next = ended(content, name, nowSeconds).toBuilder();
        for (DatasetSecrets.Builder dataset : next.getDatasetsBuilderList()) {
            if (dataset.getSender().equals(name)) {
                dataset.clearSender().clearGrantedEpoch().clearGrantedPolicy();
            }
        }
        return next.build();
    }

    /** What a revoked sender had last and home's own sender has now. */
    static List<String> cameBack(KeyringContent content, String name) {
        List<ByteString> had =
                last(content, name).map(SenderEntry::getDatasetsList).orElse(List.of());
        return content.getDatasetsList().stream()
                .filter(dataset -> dataset.getSender().isEmpty() && had.contains(dataset.getDataset()))
                .map(DatasetSecrets::getName)
                .toList();
    }

    private static KeyringContent ended(KeyringContent content, String name, long nowSeconds) {
        KeyringContent.Builder next = content.toBuilder();
        for (SenderEntry.Builder entry : next.getSendersBuilderList()) {
            if (entry.getName().equals(name) && entry.getRevoked() == 0) {
                entry.setRevoked(nowSeconds);
            }
        }
        return next.build();
    }

    private static Optional<SenderEntry> last(KeyringContent content, String name) {
        return content.getSendersList().stream()
                .filter(entry -> entry.getName().equals(name))
                .reduce((former, latter) -> latter);
    }
}
