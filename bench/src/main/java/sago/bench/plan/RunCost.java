package sago.bench.plan;

/**
 * What one kind of run costs a host of the speed that was measured.
 *
 * @param startS wall time of a run that has nothing to do
 * @param homePerGb core-seconds at home for each GB of plaintext that moves
 * @param sitePerGb core-seconds at the site for each GB of plaintext that moves
 * @param perEntryS core-seconds at home for each entry that is made anew
 * @param scaling what cores do together in such a run
 */
record RunCost(Range startS, Range homePerGb, Range sitePerGb, Range perEntryS, Scaling scaling) {}
