/**
 * How things are: {@link io.clientele.gateway.status.StatusService} asks every service behind,
 * {@link io.clientele.gateway.status.KeysReadiness} says whether tokens can be verified.
 */
@NullMarked
package io.clientele.gateway.status;

import org.jspecify.annotations.NullMarked;
