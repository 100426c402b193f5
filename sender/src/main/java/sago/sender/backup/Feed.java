package sago.sender.backup;

import java.io.IOException;

/** Where the items of one scan come from. Used once, on the walker thread. */
interface Feed {
    /** Puts every item, in key order, and returns when that is done. */
    void run(ItemQueues queues) throws IOException, InterruptedException;
}
