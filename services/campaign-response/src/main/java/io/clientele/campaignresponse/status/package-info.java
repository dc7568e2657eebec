/**
 * Freshness, lag, readiness and meters. Entry point: {@link
 * io.clientele.campaignresponse.status.StatusResource}.
 */
@NullMarked
package io.clientele.campaignresponse.status;

import org.jspecify.annotations.NullMarked;
