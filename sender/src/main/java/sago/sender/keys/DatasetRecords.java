package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.DualPublicKey;
import sago.common.sign.VerifyingKey;
import sago.common.trust.DatasetGrants;
import sago.common.trust.DatasetTerms;
import sago.common.trust.HomeIdentity;
import sago.sender.proto.DatasetRecord;
import sago.sender.proto.DatasetSecrets;
import sago.sender.proto.KeyringContent;
import sago.sender.proto.MovedRecord;
import sago.sender.proto.SenderEntry;

/** Making and reading what a sender keeps of a dataset. Stateless; any thread. */
final class DatasetRecords {
    private DatasetRecords() {}

    static DatasetRecord of(DatasetSecrets dataset, ByteString grant, KeyringContent content) {
        DatasetRecord.Builder record = DatasetRecord.newBuilder()
                .setFormat(1)
                .setName(dataset.getName())
                .setGrant(grant)
                .setIdKey(dataset.getIdKey())
                .setGearKey(dataset.getGearKey());
        content.getSendersList().stream().map(SenderEntry::getKey).forEach(record::addSigners);
        return record.build();
    }

    static MovedRecord moved(DatasetSecrets dataset) {
        return MovedRecord.newBuilder()
                .setFormat(1)
                .setName(dataset.getName())
                .setSender(dataset.getSender())
                .setDataset(dataset.getDataset())
                .build();
    }

    /**
     * The grant of a record whose fields are sound and whose grant is home's and for this sender.
     *
     * @throws FaultException PEER_REFUSED or INTEGRITY otherwise, VERSION for another format
     */
    static DatasetTerms verify(DatasetRecord record, HomeIdentity home, Grantee own, HomeContext context)
            throws FaultException {
        Path path = context.datasetFile(record.getName());
        RecordFiles.checkFormat(path, record.getFormat());
        DatasetTerms grant = DatasetGrants.verify(record.getGrant(), home.order(), home.vault(), context.nowSeconds());
        if (!grant.sender().equals(own.key()) || !grant.senderTlsSpki().equals(own.tlsSpki())) {
            throw new FaultException(
                    Fault.PEER_REFUSED,
                    "the grant of dataset " + record.getName()
                            + " is for another sender than this one: let the key holder issue it anew, or finish"
                            + " `sago sender join`");
        }
        if (record.getIdKey().size() != Contents.KEY_BYTES
                || record.getGearKey().size() != Contents.KEY_BYTES) {
            throw RecordFiles.damaged(path, "its keys are not sound");
        }
        signers(record, own.key());
        return grant;
    }

    /** Keys of the senders of the vault; this one is always among them, also in a record of an earlier version, which names none. */
    static List<VerifyingKey> signers(DatasetRecord record, VerifyingKey own) throws FaultException {
        List<VerifyingKey> signers = new ArrayList<>();
        for (ByteString key : record.getSignersList()) {
            signers.add(key(key));
        }
        if (!signers.contains(own)) {
            signers.add(own);
        }
        return signers;
    }

    /** The key in DualPublicKey bytes; INTEGRITY if it is none. */
    static VerifyingKey key(ByteString bytes) throws FaultException {
        try {
            return VerifyingKey.of(DualPublicKey.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new FaultException(Fault.INTEGRITY, "the public key of a sender is damaged", e);
        }
    }
}
