/**
 * The door: who comes in, where to, and how much. Begin reading at {@link
 * io.clientele.gateway.proxy.Door}; the table it goes by is {@link
 * io.clientele.gateway.route.RouteTable}. No business rules here: every service verifies the token
 * again.
 */
@NullMarked
package io.clientele.gateway;

import org.jspecify.annotations.NullMarked;
