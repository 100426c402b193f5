package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.net.TlsIdentity;
import sago.common.protocol.ClientRole;
import sago.common.trust.DatasetTerms;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SenderBundle;
import sago.sender.proto.SenderIdentity;
import sago.sender.proto.SiteRecord;

/**
 * The making of a sender with a name: keys, grants, and once the vault has noted them, the file that carries them. One thread.
 */
final class SenderIssue {
    private final KeyringContent before;
    private final KeyringContent content;
    private final SenderIdentity identity;
    private final TlsIdentity tls;
    private final List<Granted> granted;

    private record Granted(DatasetSecrets dataset, DatasetTerms terms, ByteString envelope) {}

    private SenderIssue(
            KeyringContent before,
            KeyringContent content,
            SenderIdentity identity,
            TlsIdentity tls,
            List<Granted> granted) {
        this.before = before;
        this.content = content;
        this.identity = identity;
        this.tls = tls;
        this.granted = granted;
    }

    /** Makes keys and signs grants; nobody may see them before the content is written. USAGE where no site may hold a dataset. */
    static SenderIssue of(
            HomeContext context, GrantIssuer issuer, String name, KeyringContent before, Set<String> datasets)
            throws FaultException {
        Policy policy = new Policy(before.getSitesList());
        List<DatasetSecrets> chosen = before.getDatasetsList().stream()
                .filter(dataset -> datasets.contains(dataset.getName()))
                .toList();
        for (DatasetSecrets dataset : chosen) {
            if (policy.sitesFor(dataset.getDataClass()).isEmpty()) {
                throw new FaultException(
                        Fault.USAGE,
                        "no site may hold class " + dataset.getDataClass() + " of dataset " + dataset.getName()
                                + " yet: `sago site add` first, then hand the sender out");
            }
        }
        Set<DatasetId> ids = chosen.stream()
                .map(dataset -> DatasetId.of(dataset.getDataset().toByteArray()))
                .collect(Collectors.toSet());
        SenderIdentity identity = SenderIdentities.create(context, name, ids, issuer);
        Grantee grantee = SenderIdentities.grantee(identity, context.identityFile());
        List<Granted> granted = new ArrayList<>();
        for (DatasetSecrets dataset : chosen) {
            DatasetTerms terms = issuer.terms(dataset, policy, grantee);
            granted.add(new Granted(dataset, terms, issuer.sign(terms)));
        }
        KeyringContent content = VaultSenders.granted(before, name, grantee, datasets, context.nowSeconds());
        return new SenderIssue(before, content, identity, SenderIdentities.tls(identity), granted);
    }

    /** What the vault holds from now on. */
    KeyringContent content() {
        return content;
    }

    /**
     * The sender, once the vault has noted it.
     *
     * @param written content of the vault
     * @param made name of the dataset that was made for it; empty: none
     */
    NewSender finish(KeyringContent written, ByteString keyring, String made) throws FaultException {
        SenderBundle.Builder bundle =
                SenderBundle.newBuilder().setFormat(1).setIdentity(identity).setKeyring(keyring);
        List<NewSender.Grant> grants = new ArrayList<>();
        TreeMap<String, SiteRecord> sites = new TreeMap<>();
        for (Granted grant : granted) {
            String name = grant.dataset().getName();
            bundle.addDatasets(DatasetRecords.of(grant.dataset(), grant.envelope(), written));
            grants.add(new NewSender.Grant(
                    Contents.listed(Contents.require(before, name)),
                    name.equals(made),
                    grant.terms(),
                    new ClientCredential(ClientRole.APPEND, tls, grant.envelope())));
            for (SiteRecord site : written.getSitesList()) {
                if (site.getClassesList().contains(grant.dataset().getDataClass())) {
                    sites.put(site.getName(), site);
                }
            }
        }
        return new NewSender(
                identity.getName(),
                RecordFiles.wrap(
                        RecordKind.BUNDLE,
                        bundle.addAllSites(sites.values()).build().toByteString()),
                grants);
    }
}
