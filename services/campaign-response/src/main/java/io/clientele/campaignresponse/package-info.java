/**
 * Campaigns: whom to contact, what came of it, and what would have come anyway. Entry points:
 * {@link io.clientele.campaignresponse.campaign.CampaignService} for definitions, {@link
 * io.clientele.campaignresponse.stream.StreamConsumer} for what drives them.
 */
@NullMarked
package io.clientele.campaignresponse;

import org.jspecify.annotations.NullMarked;
