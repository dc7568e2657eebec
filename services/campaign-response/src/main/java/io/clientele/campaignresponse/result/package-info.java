/**
 * What a campaign brought, with its uncertainty. Entry point: {@link
 * io.clientele.campaignresponse.result.ResultService}.
 */
@NullMarked
package io.clientele.campaignresponse.result;

import org.jspecify.annotations.NullMarked;
