package sago.common.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import org.junit.jupiter.api.Test;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;
import sago.common.proto.DatasetGrant;
import sago.common.proto.DualPublicKey;
import sago.common.proto.GrantedSite;

final class UnknownFieldsTest {
    @Test
    void acceptsAMessageOfKnownFields() {
        assertThatCode(() -> UnknownFields.refuse(DatasetGrant.newBuilder()
                        .setFormat(1)
                        .setSenderKey(DualPublicKey.getDefaultInstance())
                        .addSites(GrantedSite.getDefaultInstance())
                        .build()))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesOneAtTheTop() {
        refuses(DatasetGrant.newBuilder().setUnknownFields(field(500)).build());
    }

    @Test
    void refusesOneInAMessageWithin() {
        refuses(DatasetGrant.newBuilder()
                .setSenderKey(DualPublicKey.newBuilder().setUnknownFields(field(3)))
                .build());
    }

    @Test
    void refusesOneInTheLastOfARepeatedMessage() {
        refuses(DatasetGrant.newBuilder()
                .addSites(GrantedSite.getDefaultInstance())
                .addSites(GrantedSite.newBuilder().setUnknownFields(field(999)))
                .build());
    }

    @Test
    void skipsFieldsFromAThousandOn() {
        assertThatCode(() -> UnknownFields.refuse(DatasetGrant.newBuilder()
                        .setUnknownFields(field(1000))
                        .addSites(GrantedSite.newBuilder().setUnknownFields(field(70_000)))
                        .build()))
                .doesNotThrowAnyException();
    }

    private static void refuses(DatasetGrant grant) {
        assertThatThrownBy(() -> UnknownFields.refuse(grant))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.VERSION));
    }

    private static UnknownFieldSet field(int number) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
    }
}
