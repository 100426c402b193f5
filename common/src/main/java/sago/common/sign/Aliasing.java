package sago.common.sign;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * Parses messages whose bytes fields share memory with the bytes that they came from. A manifest of many packs lies in an envelope in a
 * message: without sharing, each layer would hold the table of packs again. Stateless; any thread.
 */
public final class Aliasing {
    private Aliasing() {}

    /** The message in exactly these bytes, which it keeps alive. */
    public static <M extends MessageLite> M parse(Parser<M> parser, ByteString bytes)
            throws InvalidProtocolBufferException {
        CodedInputStream input = bytes.newCodedInput();
        input.enableAliasing(true);
        M message = parser.parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }
}
