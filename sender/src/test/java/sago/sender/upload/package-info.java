/** Tests of uploading: pure parts under seeded chances, and the network parts against a small site. */
@NullMarked
package sago.sender.upload;

import org.jspecify.annotations.NullMarked;
