package sago.sender.upload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A request of an upload session that survives connections. Immutable but for its answer. */
final class Ask<T> {
    final Function<UploadLink, CompletionStage<T>> request;
    final boolean commit;
    final CompletableFuture<T> answer = new CompletableFuture<>();

    Ask(Function<UploadLink, CompletionStage<T>> request, boolean commit) {
        this.request = request;
        this.commit = commit;
    }
}
