package sago.receiver.accept;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.Hash;
import sago.common.sign.Hashes;
import sago.common.trust.GrantPinTerms;
import sago.common.trust.SiteGrants;
import sago.common.trust.SiteIdentity;
import sago.common.trust.SiteTerms;

/**
 * The vault that this site belongs to: what was pinned when it was enrolled, and the full grant once a client has delivered it. A stored grant counts only while
 * it is the pinned one. Thread-safe.
 */
public final class Membership {
    private final SiteIdentity self;
    private final @Nullable GrantPinTerms pin;
    private volatile @Nullable SiteTerms terms;

    /**
     * @param pin null before {@code receiver grant}
     * @param stored the grant in the journal, empty if none
     */
    public Membership(SiteIdentity self, @Nullable GrantPinTerms pin, ByteString stored) throws FaultException {
        this.self = self;
        this.pin = pin;
        if (pin != null && !stored.isEmpty() && hash(stored).equals(pin.grantSha256())) {
            this.terms = SiteGrants.verify(stored, pin, self);
        }
    }

    /** The terms, or null while the full grant is not here. PEER_REFUSED where no home was ever pinned. */
    @Nullable
    SiteTerms terms() throws FaultException {
        if (pin == null) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "this site belongs to no home yet: at the site, run sago receiver grant with the text that sago site add printed");
        }
        return terms;
    }

    /** Verifies a grant that a client delivered; it becomes valid with {@link #enrolled}. */
    SiteTerms verify(ByteString envelope) throws FaultException {
        terms();
        GrantPinTerms known = pin;
        if (known == null) {
            throw new IllegalStateException("no home is pinned");
        }
        return SiteGrants.verify(envelope, known, self);
    }

    /** The verified grant is durable. */
    void enrolled(SiteTerms verified) {
        terms = verified;
    }

    private static Hash hash(ByteString envelope) {
        return Hashes.sha256(envelope);
    }
}
