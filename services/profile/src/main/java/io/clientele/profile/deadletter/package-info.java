/**
 * Records that can never be read or applied; entry point {@link
 * io.clientele.profile.deadletter.DeadLetters}.
 */
@NullMarked
package io.clientele.profile.deadletter;

import org.jspecify.annotations.NullMarked;
