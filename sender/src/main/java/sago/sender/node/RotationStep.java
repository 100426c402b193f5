package sago.sender.node;

/** What a rotation has just done durably; after each of them it may be cut off and begun again. */
public enum RotationStep {
    /** The vault has the new epoch, and home's own sender its new grant. */
    BEGUN,
    /** The site takes no older grant any more. */
    SHOWN,
    /** The site has receipted new headers of some sessions. */
    RESEALED,
    /** The site has deleted every header of an older epoch. */
    RETIRED,
    /** The vault has forgotten the older epochs. */
    ENDED
}
