/**
 * Who an identifier belongs to. {@link io.clientele.profile.identity.ResolveStep} finds the member
 * of every event; identities are looked up by keyed hash and never stand in a key, a log or a URL.
 */
@NullMarked
package io.clientele.profile.identity;

import org.jspecify.annotations.NullMarked;
