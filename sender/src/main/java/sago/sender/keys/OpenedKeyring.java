package sago.sender.keys;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.VaultId;
import sago.common.secret.SecretBytes;
import sago.common.sign.VerifyingKey;
import sago.common.trust.HomeIdentity;
import sago.common.trust.KeyringTerms;
import sago.common.trust.Keyrings;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.SiteRecord;

/**
 * A keyring that the kit has opened, wherever it came from: made with this kit, and for the vault that it names. That it is the newest one is not
 * known. Closing zeroes the root key. Immutable until then; any thread.
 */
public final class OpenedKeyring implements AutoCloseable {
    private final ByteString envelope;
    private final KeyringTerms terms;
    private final KeyringContent content;
    private final SecretBytes root;

    private OpenedKeyring(ByteString envelope, KeyringTerms terms, KeyringContent content) {
        this.envelope = envelope;
        this.terms = terms;
        this.content = content.toBuilder().clearRootKey().build();
        this.root = SecretBytes.of(content.getRootKey().toByteArray());
    }

    /**
     * Verifies and opens a keyring. Borrows the kit.
     *
     * @throws FaultException PEER_REFUSED if its anchor is not this kit's, INTEGRITY or WRONG_KEY as its parts say
     */
    public static OpenedKeyring open(ByteString envelope, Kit kit) throws FaultException {
        KeyringContent content = KeyringSeals.open(envelope, kit);
        if (content.getRootKey().size() != Contents.KEY_BYTES) {
            throw new FaultException(Fault.INTEGRITY, "the keyring holds no root key");
        }
        return new OpenedKeyring(envelope, Keyrings.verifyAgainstItself(envelope), content);
    }

    public VaultId vault() {
        return terms.vault();
    }

    /** Public identity of home, which the kit's anchor vouches for. */
    public HomeIdentity identity() {
        return terms.home();
    }

    public long counter() {
        return terms.counter();
    }

    public int kitVersion() {
        return terms.kitVersion();
    }

    /** The SignedEnvelope. */
    public ByteString envelope() {
        return envelope;
    }

    /** Sites of the vault, verified under its identity. */
    public List<SiteEndpoint> sites() throws FaultException {
        StoredKeyring keyring = new StoredKeyring(envelope, counter());
        List<SiteEndpoint> sites = new ArrayList<>();
        for (SiteRecord record : content.getSitesList()) {
            sites.add(SiteRecords.endpoint(record, terms.home(), keyring));
        }
        return sites;
    }

    public List<VaultDataset> datasets() {
        return Contents.datasets(content);
    }

    /** Keys of every sender that was granted a dataset. */
    public List<VerifyingKey> senderKeys() throws FaultException {
        return Contents.senderKeys(content);
    }

    KeyringTerms terms() {
        return terms;
    }

    /** Without the root key. */
    KeyringContent content() {
        return content;
    }

    /** Borrowed: lives as long as this. */
    SecretBytes root() {
        return root;
    }

    @Override
    public void close() {
        root.close();
    }

    @Override
    public String toString() {
        return "OpenedKeyring[" + vault() + " " + counter() + "]";
    }
}
