package sago.common.metrics;

/** Every meter's name, in one place. Units are base units; Prometheus adds {@code _total} to counters. */
public final class Meters {
    /** Bytes of slices that a site received. */
    public static final String SITE_RECEIVED_BYTES = "sago.site.received.bytes";

    /** Packs that a site made durable. */
    public static final String SITE_DURABLE_PACKS = "sago.site.durable.packs";

    /** Bytes of packs that a site made durable. */
    public static final String SITE_DURABLE_BYTES = "sago.site.durable.bytes";

    /** Bytes that a site served to readers. */
    public static final String SITE_SERVED_BYTES = "sago.site.served.bytes";

    /** Snapshots committed at a site. */
    public static final String SITE_COMMITS = "sago.site.commits";

    /** Connections that a site has now. */
    public static final String SITE_CONNECTIONS = "sago.site.connections";

    /** Handshakes in progress at a site now. */
    public static final String SITE_HANDSHAKES = "sago.site.handshakes";

    /** Connections that a site refused or ended, tagged with the fault. */
    public static final String SITE_FAULTS = "sago.site.faults";

    /** Bytes received and not yet in their file, and granted and not yet received. */
    public static final String SITE_CREDIT_BYTES = "sago.site.credit.bytes";

    /** Free bytes of a site's disk. */
    public static final String SITE_FREE_BYTES = "sago.site.free.bytes";

    /** Packs that no snapshot named any more and whose files a site deleted. */
    public static final String SITE_SWEPT_PACKS = "sago.site.swept.packs";

    /** Bytes of these packs. */
    public static final String SITE_SWEPT_BYTES = "sago.site.swept.bytes";

    /** Packs that no snapshot names and that a site still keeps. */
    public static final String SITE_UNNAMED_PACKS = "sago.site.unnamed.packs";

    /** Time from the last slice of a pack to its acknowledgement. */
    public static final String SITE_ACKNOWLEDGE_SECONDS = "sago.site.acknowledge";

    /** Bytes of source files that a backup read. */
    public static final String BACKUP_READ_BYTES = "sago.backup.read.bytes";

    /** Bytes of chunks that were new. */
    public static final String BACKUP_NEW_BYTES = "sago.backup.new.bytes";

    /** Files that a backup finished. */
    public static final String BACKUP_FILES = "sago.backup.files";

    /** Bytes of packs that were sealed. */
    public static final String SEALED_BYTES = "sago.sealed.bytes";

    /** Bytes of slices that were written to connections, tagged with the site. */
    public static final String UPLOAD_SENT_BYTES = "sago.upload.sent.bytes";

    /** Bytes of slices that were sent more than once, tagged with the site. */
    public static final String UPLOAD_RESENT_BYTES = "sago.upload.resent.bytes";

    /** Bytes of packs that are durable, tagged with the site. */
    public static final String UPLOAD_DURABLE_BYTES = "sago.upload.durable.bytes";

    /** Connections to a site now, tagged with the site. */
    public static final String UPLOAD_CONNECTIONS = "sago.upload.connections";

    /** Bytes of packs in the window now, tagged with the site. */
    public static final String UPLOAD_WINDOW_BYTES = "sago.upload.window.bytes";

    /** Bytes that a restore wrote. */
    public static final String RESTORE_BYTES = "sago.restore.bytes";

    private Meters() {}
}
