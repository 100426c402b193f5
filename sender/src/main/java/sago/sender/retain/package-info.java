/**
 * Which snapshots stay, and the proof that those can: the policy, the walk through every tree that stays, and what home remembers of walks
 * and verified snapshots beside its vault. May import {@code tree}, {@code pack} and {@code database}. Confined to the thread of the command.
 */
@NullMarked
package sago.sender.retain;

import org.jspecify.annotations.NullMarked;
