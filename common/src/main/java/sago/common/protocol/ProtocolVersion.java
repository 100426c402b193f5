package sago.common.protocol;

/** The one version of the protocol that both nodes of this build speak. */
public final class ProtocolVersion {
    public static final int CURRENT = 1;

    private ProtocolVersion() {}
}
