package sago.receiver.store;

import static sago.receiver.store.StoreFixture.DATASET;
import static sago.receiver.store.StoreFixture.GEOMETRY;
import static sago.receiver.store.StoreFixture.VAULT;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sago.common.fault.FaultException;
import sago.common.id.DatasetId;
import sago.common.id.Hash;
import sago.common.id.SessionId;
import sago.common.id.SiteId;
import sago.common.sign.Hashes;
import sago.common.sign.SigningKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.DatasetTerms;
import sago.common.trust.OrderTerms;
import sago.common.trust.ResealTerms;
import sago.common.trust.RetireTerms;
import sago.common.trust.SessionHeaderTerms;
import sago.common.trust.SessionHeaders;
import sago.common.trust.SessionTerms;

/** Sessions with true headers, and orders about them. */
final class OrderFixture {
    private static final SiteId SITE = new SiteId(4, 4);

    private static final VerifyingKey SENDER =
            SigningKey.generate(new SecureRandom()).verifyingKey();

    private OrderFixture() {}

    /** A header of a session; sealed anew if it replaces another. */
    static ByteString header(int session, int keyEpoch, Hash replaces) {
        return header(DATASET, session, keyEpoch, replaces);
    }

    static ByteString header(DatasetId dataset, int session, int keyEpoch, Hash replaces) {
        return SessionHeaders.build(new SessionHeaderTerms(
                VAULT,
                dataset,
                keyEpoch,
                new SessionId(3, session),
                ByteString.copyFrom(new byte[SessionHeaderTerms.ENC_BYTES]),
                ByteString.copyFrom(new byte[SessionHeaderTerms.SEALED_KEY_BYTES]),
                replaces));
    }

    /** Hash of the first header of a session, which is of epoch 1. */
    static Hash first(int session) {
        return Hashes.sha256(header(session, 1, Hash.ZERO));
    }

    /** Opens a session whose first header is of this epoch, under a grant of this sequence. */
    static OpenedSession open(SiteStore store, int session, int keyEpoch, long grant) throws FaultException {
        ByteString header = header(session, keyEpoch, Hash.ZERO);
        SessionTerms terms = new SessionTerms(
                VAULT,
                DATASET,
                new SessionId(3, session),
                SITE,
                ByteString.copyFrom(new byte[SessionTerms.NONCE_BYTES]),
                Hashes.sha256(header),
                grant,
                GEOMETRY);
        return store.openSession(terms, keyEpoch, header, ByteString.copyFromUtf8("grant"));
    }

    /** Seals the keys of these sessions, whose first headers are of epoch 1, to another epoch. */
    static ResealTerms reseal(long sequence, int keyEpoch, int... sessions) {
        List<ByteString> headers = new ArrayList<>();
        for (int session : sessions) {
            headers.add(header(session, keyEpoch, first(session)));
        }
        return reseal(sequence, headers);
    }

    static ResealTerms reseal(long sequence, List<ByteString> headers) {
        return new ResealTerms(VAULT, SITE, DATASET, sequence, 0, 0, headers);
    }

    static RetireTerms retire(long sequence, int keyEpoch) {
        return new RetireTerms(VAULT, SITE, DATASET, sequence, 0, 0, keyEpoch);
    }

    /** A grant of the dataset. */
    static DatasetTerms grant(long sequence) {
        return new DatasetTerms(
                VAULT,
                DATASET,
                "internal",
                1,
                ByteString.copyFrom(new byte[DatasetTerms.PUBLIC_KEY_BYTES]),
                SENDER,
                Hash.ZERO,
                Map.of(),
                Hash.ZERO,
                sequence,
                0,
                0);
    }

    /** Stands for the hash of an order. */
    static Hash hash(OrderTerms order) {
        ByteString named = ByteString.copyFromUtf8(order.getClass().getName() + order.sequence());
        return order instanceof ResealTerms reseal
                ? Hashes.sha256(named, ByteString.copyFrom(reseal.headers()))
                : Hashes.sha256(named);
    }

    static FollowedOrder follow(SiteStore store, OrderTerms order) throws FaultException {
        return store.follow(order, hash(order));
    }
}
