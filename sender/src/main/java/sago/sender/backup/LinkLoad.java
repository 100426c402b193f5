package sago.sender.backup;

import sago.sender.compress.AutoChoice;
import sago.sender.compress.Codec;
import sago.sender.compress.CodecChoice;

/** How the link of a run is doing, for the choice of a codec. Asked by one thread at a time. */
final class LinkLoad implements AutoChoice.Link {
    private final BackupTarget.Session session;
    private final IdleCores idle = new IdleCores();
    private final long windowBytes;

    private LinkLoad(BackupTarget.Session session, int packBytes) {
        this.session = session;
        this.windowBytes = (long) session.windowPacks() * packBytes;
    }

    /** What the workers of a run compress with. */
    static CodecChoice choice(BackupMeans means, BackupTarget.Session session) {
        return switch (means.compression()) {
            case NONE -> () -> Codec.RAW;
            case LZ4 -> () -> Codec.LZ4;
            case ZSTD -> () -> Codec.ZSTD;
            case AUTO ->
                new AutoChoice(
                        means.clock(), new LinkLoad(session, means.geometry().packBytes()));
        };
    }

    @Override
    public AutoChoice.Load load() {
        return new AutoChoice.Load(session.unsentBytes(), session.progress().sentBytes(), windowBytes, idle.share());
    }
}
