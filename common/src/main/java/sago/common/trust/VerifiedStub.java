package sago.common.trust;

import sago.common.id.Hash;

/**
 * A manifest stub whose signatures were verified, now or before it was stored.
 *
 * @param manifestHash SHA-256 of the exact bytes that were signed: names the manifest for ever
 */
public record VerifiedStub(StubTerms terms, Hash manifestHash) {}
