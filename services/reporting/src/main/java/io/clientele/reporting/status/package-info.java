/** Readiness and lag. Entry point: {@link io.clientele.reporting.status.StatusResource}. */
@NullMarked
package io.clientele.reporting.status;

import org.jspecify.annotations.NullMarked;
