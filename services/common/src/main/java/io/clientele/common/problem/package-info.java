/**
 * Errors as RFC 9457 problems. A service throws {@link
 * io.clientele.common.problem.RequestException} for what the caller can fix and {@link
 * io.clientele.common.problem.TransientException} for what a retry may fix; {@link
 * io.clientele.common.problem.ProblemMappers} makes the answers. Anything else is our bug and
 * answers 500 with an id to quote.
 */
@NullMarked
package io.clientele.common.problem;

import org.jspecify.annotations.NullMarked;
