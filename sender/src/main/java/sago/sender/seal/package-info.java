/**
 * Sealing and opening: AES-256-GCM providers, FLOE messages, and HPKE for session keys and keyrings. The only package that holds ciphers.
 * May import common; imports nothing else of the sender. Ciphers and sealers are confined to one thread, keys and openers are not.
 */
@NullMarked
package sago.sender.seal;

import org.jspecify.annotations.NullMarked;
