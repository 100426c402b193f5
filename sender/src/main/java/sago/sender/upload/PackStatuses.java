package sago.sender.upload;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.id.PackId;
import sago.common.limits.Limits;
import sago.common.proto.PackStatus;

/** PACK_STATUS requests, and the pack ids in what a site answers. */
final class PackStatuses {
    private PackStatuses() {}

    static List<List<PackId>> batches(Collection<PackId> ids) {
        List<PackId> all = List.copyOf(ids);
        List<List<PackId>> batches = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Limits.IDS_PER_MESSAGE_MAX) {
            batches.add(all.subList(i, Math.min(all.size(), i + Limits.IDS_PER_MESSAGE_MAX)));
        }
        return batches;
    }

    static PackStatus request(Collection<PackId> ids) {
        PackStatus.Builder request = PackStatus.newBuilder();
        ids.forEach(id -> request.addPacks(ByteString.copyFrom(id.toBytes())));
        return request.build();
    }

    static PackId packId(ByteString bytes) throws FaultException {
        if (bytes.size() != PackId.BYTES) {
            throw new FaultException(Fault.PROTOCOL, "the site sent a pack id of " + bytes.size() + " bytes");
        }
        return PackId.of(bytes.toByteArray());
    }

    static List<PackId> packIds(List<ByteString> each) throws FaultException {
        List<PackId> ids = new ArrayList<>(each.size());
        for (ByteString bytes : each) {
            ids.add(packId(bytes));
        }
        return ids;
    }

    /** Ids that follow each other without gaps. */
    static List<PackId> packIds(ByteString bytes) throws FaultException {
        if (bytes.size() % PackId.BYTES != 0) {
            throw new FaultException(Fault.PROTOCOL, "the site sent pack ids of " + bytes.size() + " bytes in all");
        }
        List<PackId> ids = new ArrayList<>(bytes.size() / PackId.BYTES);
        for (int i = 0; i < bytes.size(); i += PackId.BYTES) {
            ids.add(packId(bytes.substring(i, i + PackId.BYTES)));
        }
        return ids;
    }
}
