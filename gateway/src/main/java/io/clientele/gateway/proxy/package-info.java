/**
 * The way through. {@link io.clientele.gateway.proxy.Door} decides about a request, {@link
 * io.clientele.gateway.proxy.Exchange} carries it to the service and the answer back, both as
 * streams with back-pressure: nothing here holds a whole body but the problem it writes itself.
 */
@NullMarked
package io.clientele.gateway.proxy;

import org.jspecify.annotations.NullMarked;
