/**
 * What is let through. {@link io.clientele.gateway.route.RouteTable} reads {@code routes.yaml}, the
 * one place where a route, its service and its roles stand; {@code docs/routes.md} is made from it.
 */
@NullMarked
package io.clientele.gateway.route;

import org.jspecify.annotations.NullMarked;
