package sago.common.limits;

/** Every bound, with its reason. A length from a peer or a disk is compared with one of these before memory is taken. */
public final class Limits {
    /** Bytes of a full pack: large enough that a force per pack costs little, small enough that a window holds several. */
    public static final int PACK_BYTES = 32 << 20;

    /** Smallest pack: the last of a small session. */
    public static final int PACK_BYTES_MIN = 64 << 10;

    /** Largest pack that a reader accepts. */
    public static final int PACK_BYTES_MAX = 256 << 20;

    /** Encrypted length of a segment. */
    public static final int SEGMENT_BYTES = 256 << 10;

    /** Tests use tiny packs: the smallest segment that the geometry allows is two Merkle leaves. */
    public static final int SEGMENT_BYTES_MIN = 8 << 10;

    /** Largest segment that a reader accepts: bounds one frame. */
    public static final int SEGMENT_BYTES_MAX = 1 << 20;

    /** Records in one pack: bounds its table to 6 MiB. */
    public static final int PACK_RECORDS_MAX = 131_072;

    /** Largest chunk, before compression. */
    public static final int CHUNK_BYTES_MAX = 8 << 20;

    /** A control message other than those named below. */
    public static final int MESSAGE_BYTES_MAX = 1 << 20;

    /** A message of a peer that has not shown a grant yet. */
    public static final int MESSAGE_BYTES_UNAUTHENTICATED_MAX = 16 << 10;

    /** COMMIT and manifests: 56 bytes for each added pack. A receiver of 96 MiB of heap holds it about three times while it commits. */
    public static final int COMMIT_BYTES_MAX = 16 << 20;

    /** Packs that one snapshot adds (about 9.4 TB stored); leaves 1 MiB of COMMIT for dropped packs, body and signatures. */
    public static final int PACKS_PER_COMMIT_MAX = (15 << 20) / 56;

    /** Packs that one snapshot drops: 1 MiB of COMMIT; the next one drops what is left. */
    public static final int DROPPED_PER_COMMIT_MAX = 65_536;

    /** Sealed body of a manifest: roots and counts, no lists. */
    public static final int MANIFEST_BODY_BYTES_MAX = 1 << 20;

    /** Payload of a grant, session open or receipt: with its signatures it fits into a HELLO; some hundred sites. */
    public static final int GRANT_BYTES_MAX = 11 << 10;

    /** Payload of a keyring: travels in one control message with its signatures; some thousand datasets. */
    public static final int KEYRING_BYTES_MAX = MESSAGE_BYTES_MAX - (8 << 10);

    /** Payload of an order: travels in one control message with its signatures. */
    public static final int ORDER_BYTES_MAX = MESSAGE_BYTES_MAX - (8 << 10);

    /** Session headers that one order re-seals: about 1.3 KB each, so that they fill two thirds of its payload. */
    public static final int HEADERS_PER_ORDER_MAX = 512;

    /** Snapshots that one order expires: 34 bytes each, and as many files to rewrite before it is answered. */
    public static final int SNAPSHOTS_PER_ORDER_MAX = 1_024;

    /** Payload of an expire order: with its grant beside it, it is far from filling a control message. */
    public static final int EXPIRE_ORDER_BYTES_MAX = 64 << 10;

    /** Datasets that a client grant may be limited to: 18 bytes each, a tenth of a grant. */
    public static final int DATASETS_PER_CLIENT_MAX = 64;

    /** Ids in one PACK_STATUS, and packs in one MISSING answer. */
    public static final int IDS_PER_MESSAGE_MAX = 32_768;

    /** PACK_STATES: as many states as ids may be asked, with a bitmap of an ordinary pack each. */
    public static final int PACK_STATES_BYTES_MAX = 4 << 20;

    /** Bytes of one READ: a few segments, so that no answer holds much memory or delays others. */
    public static final int READ_BYTES_MAX = 1 << 20;

    /** Connections of one session. */
    public static final int CONNECTIONS_PER_SESSION_MAX = 64;

    /** Handshakes in progress at a receiver, in all and from one address. */
    public static final int HANDSHAKES_MAX = 256;

    public static final int HANDSHAKES_PER_ADDRESS_MAX = 64;

    /** From accept to an accepted HELLO. */
    public static final long HANDSHAKE_TIMEOUT_MS = 10_000;

    /** Silence after which a connection asks the peer for a sign of life. */
    public static final long PING_INTERVAL_MS = 20_000;

    /** Silence after which a connection is given up: longer than a peer that is stopped for a minute. */
    public static final long SILENCE_TIMEOUT_MS = 90_000;

    /** A name of a site or dataset. */
    public static final int NAME_CHARS_MAX = 64;

    /** A path in a tree, in bytes. */
    public static final int PATH_BYTES_MAX = 64 << 10;

    /** One name in a folder: what Linux file systems allow. */
    public static final int FILE_NAME_BYTES_MAX = 255;

    /** Name of an extended attribute: what Linux allows. */
    public static final int XATTR_NAME_BYTES_MAX = 255;

    /** Value of an extended attribute: what Linux allows. */
    public static final int XATTR_VALUE_BYTES_MAX = 64 << 10;

    /** Extended attributes of one entry: leaves room for its references and holes in a node of a tree. */
    public static final int XATTRS_BYTES_MAX = 512 << 10;

    /** Holes of one file: at most 160 KiB of an entry; of a file with more the smallest are stored as data. */
    public static final int HOLES_MAX = 8192;

    /** A node of a tree, encoded: it ends at 1 MiB, after which one last entry may lie. */
    public static final int TREE_NODE_BYTES_MAX = 2 << 20;

    /** Levels of a tree above its leaves: dozens of children each, so no real tree has ten. */
    public static final int TREE_LEVELS_MAX = 32;

    /** References that an entry holds itself; a longer file refers to lists. */
    public static final int ENTRY_REFS_MAX = 1024;

    /** References in one list: bounds it to half a MiB. */
    public static final int LIST_REFS_MAX = 8192;

    /** Lists of lists: three levels name 2^49 chunks. */
    public static final int LIST_LEVELS_MAX = 3;

    /** Payload of one record of a site's journal: the largest holds a grant and a session header, some kilobytes each. */
    public static final int JOURNAL_RECORD_BYTES_MAX = 1 << 20;

    /** One file of a site's journal: small enough to scan and copy at ease. */
    public static final int JOURNAL_SEGMENT_BYTES = 64 << 20;

    /** Records that one force of the journal may cover: bounds the journal's buffer; at least one record fits. */
    public static final int JOURNAL_GROUP_BYTES = 2 << 20;

    /** Appends that wait for the journal: more than the packs that may be complete at once; beyond it the store waits. */
    public static final int JOURNAL_PENDING_MAX = 4_096;

    /** Packs of one session that a site receives at once: each holds an open file and a hash for each slice. */
    public static final int OPEN_PACKS_PER_SESSION_MAX = 256;

    /** Packs that one AUDIT hashes again: 8 GiB of full packs at most, so that the answer comes within a deadline. */
    public static final int AUDIT_PACKS_MAX = 256;

    /** Heads in one MANIFESTS answer: fits into a control message. */
    public static final int MANIFEST_HEADS_MAX = 8_192;

    /** Heads in one SESSIONS answer: some 60 bytes each, so that it fits into a control message. */
    public static final int SESSION_HEADS_MAX = 8_192;

    /** Packs that no manifest names are kept this long unless the site says otherwise: longer than any session may last. */
    public static final long UNCOMMITTED_KEEP_MS = 30L * 24 * 3600 * 1000;

    /** The longest grace: ten years. Whoever wants more sweeps nothing. */
    public static final long GRACE_MS_MAX = 3_660L * 24 * 3600 * 1000;

    /** Packs that one record of a sweep names: 18 bytes each, and as many files to delete under the lock of commits. */
    public static final int PACKS_PER_SWEEP_MAX = 8_192;

    /** A dataset gets at most one receipt in this time besides those of commits: a signature costs a millisecond and 3.4 KB. */
    public static final long RECEIPT_INTERVAL_MS = 1_000;

    /** A record of a checkpoint: a block of entries or the references of a region. Less than the overlap of mapped blocks. */
    public static final int CHECKPOINT_RECORD_BYTES_MAX = 512 << 10;

    /** Records of a checkpoint that are only in memory: less work than this is not worth a file. */
    public static final int CHECKPOINT_UNSAVED_BYTES_MAX = 1 << 20;

    /** Items of a walk that may be written down out of order: the window of a scan and one for each worker, with room to spare. */
    public static final int CHECKPOINT_REORDER_ITEMS = 1_024;

    /** Scans and journals of a checkpoint that are summed up at once: each run sums up all before, so there are two or three. */
    public static final int CHECKPOINT_RUNS_MAX = 64;

    /** Rows of the chunk index that are in memory, and in its log, before they become a segment: 6 MiB, and half a second's read at a start. */
    public static final int INDEX_ROWS_IN_MEMORY_MAX = 131_072;

    /** Segments of the chunk index: merging keeps nine or fewer; where it cannot keep up, inserts wait rather than look-ups. */
    public static final int INDEX_SEGMENTS_MAX = 24;

    /** A file of patterns or paths that a user names: read as a whole; some hundred thousand lines. */
    public static final int PATTERN_FILE_BYTES_MAX = 16 << 20;

    /** A configuration file: thousands of datasets fit, and a wrong file is noticed. */
    public static final int SETTINGS_FILE_BYTES_MAX = 1 << 20;

    /** Files of a configuration: one for each dataset of a large home. */
    public static final int SETTINGS_FILES_MAX = 1_024;

    private Limits() {}
}
