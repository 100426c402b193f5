package sago.common.trust;

/** A verified expire order and the verified grant that it rests on. Immutable. */
public record GrantedExpiry(ExpireTerms order, ExpiryGrantTerms grant) {}
