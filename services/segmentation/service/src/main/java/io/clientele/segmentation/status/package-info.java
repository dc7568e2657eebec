/**
 * Freshness, lag and readiness. Entry point: {@link
 * io.clientele.segmentation.status.StatusResource}.
 */
@NullMarked
package io.clientele.segmentation.status;

import org.jspecify.annotations.NullMarked;
