package sago.sender.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import sago.common.limits.Limits;
import sago.common.metrics.Meters;
import sago.sender.backup.BackupProgress;
import sago.sender.backup.BackupRun;
import sago.sender.upload.UploadProgress;

/** The meters of a backup and of the upload in it. Thread-safe. */
public final class BackupMeters {
    private final BackupRun run;

    public BackupMeters(BackupRun run) {
        this.run = run;
    }

    /** Registers them; they live as long as the registry. */
    public void bindTo(MeterRegistry registry) {
        counter(registry, Meters.BACKUP_READ_BYTES, BackupProgress::bytesRead);
        counter(registry, Meters.BACKUP_NEW_BYTES, BackupProgress::newBytes);
        counter(registry, Meters.BACKUP_FILES, BackupProgress::filesSeen);
        upload(registry, Meters.SEALED_BYTES, UploadProgress::sealedBytes);
        upload(registry, Meters.UPLOAD_SENT_BYTES, UploadProgress::sentBytes);
        upload(registry, Meters.UPLOAD_RESENT_BYTES, UploadProgress::resentBytes);
        upload(registry, Meters.UPLOAD_DURABLE_BYTES, UploadProgress::durableBytes);
        gauge(registry, Meters.UPLOAD_CONNECTIONS, UploadProgress::connections);
        gauge(registry, Meters.UPLOAD_WINDOW_BYTES, upload -> (double) upload.windowPacks() * Limits.PACK_BYTES);
    }

    private void counter(MeterRegistry registry, String name, ToDoubleFunction<BackupProgress> value) {
        FunctionCounter.builder(name, run, r -> value.applyAsDouble(r.progress()))
                .register(registry);
    }

    private void upload(MeterRegistry registry, String name, ToDoubleFunction<UploadProgress> value) {
        FunctionCounter.builder(name, run, r -> ofUpload(r, value)).register(registry);
    }

    private void gauge(MeterRegistry registry, String name, ToDoubleFunction<UploadProgress> value) {
        Gauge.builder(name, run, r -> ofUpload(r, value)).register(registry);
    }

    private static double ofUpload(BackupRun run, ToDoubleFunction<UploadProgress> value) {
        UploadProgress upload = run.progress().upload();
        return upload == null ? 0 : value.applyAsDouble(upload);
    }
}
