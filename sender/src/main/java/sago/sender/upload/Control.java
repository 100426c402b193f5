package sago.sender.upload;

/** Runs the decisions of one session, one after the other: its control thread. */
interface Control {
    void execute(Runnable task);

    void schedule(Runnable task, long delayNs);
}
