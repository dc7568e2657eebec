/**
 * Campaigns as marketers define them, and their messages. Entry points: {@link
 * io.clientele.campaignresponse.campaign.CampaignService}, {@link
 * io.clientele.campaignresponse.campaign.MessageTemplates}.
 */
@NullMarked
package io.clientele.campaignresponse.campaign;

import org.jspecify.annotations.NullMarked;
