/** How many requests a client and its program may send: {@link RateLimits}. */
@NullMarked
package io.clientele.gateway.limit;

import org.jspecify.annotations.NullMarked;
