package sago.sender.upload;

import sago.common.id.Hash;

/**
 * The newest snapshot of a dataset at a site, which the next commit has to follow.
 *
 * @param manifest its hash, zeros if there is none
 * @param sequence of it, 0 if there is none
 */
public record SiteHead(Hash manifest, long sequence) {}
