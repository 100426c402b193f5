package sago.sender.upload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import sago.common.fault.Fault;
import sago.common.fault.FaultException;

/**
 * Shows a site the newest grant of a dataset and nothing else: what it asks to append is never opened. From then on the site refuses older
 * grants of that dataset. Stateless; the caller's thread waits.
 */
public final class GrantNotice {
    private GrantNotice() {}

    /**
     * Returns once the site has welcomed the grant, which it does only after the grant is durable there.
     *
     * @param appendClient in role append, with the newest grant
     * @throws FaultException SITE_UNREACHABLE, TIMEOUT or what the site says
     */
    public static void show(SiteClient appendClient) throws FaultException, InterruptedException {
        CompletableFuture<SiteConnection> shown = appendClient
                .connect(ready -> CompletableFuture.completedStage(ready.connection()))
                .toCompletableFuture();
        try {
            shown.get().close(new FaultException(Fault.INTERRUPTED, "the connection was closed at this end"));
        } catch (ExecutionException e) {
            throw Faults.of(e);
        }
    }
}
