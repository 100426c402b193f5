package sago.sender.upload;

/** How fast an upload may be at this moment; asked many times a second, so it must not wait for anything. Thread-safe. */
@FunctionalInterface
public interface RateSource {
    /** As fast as it can. */
    RateSource UNLIMITED = () -> RateLimit.UNLIMITED;

    /** Bytes per second of all connections together; {@link RateLimit#UNLIMITED} for no limit. */
    long bytesPerSecond();
}
