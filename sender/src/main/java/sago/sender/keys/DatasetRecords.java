package sago.sender.keys;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.DualPublicKey;
import sago.common.sign.VerifyingKey;
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
                .build();
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
