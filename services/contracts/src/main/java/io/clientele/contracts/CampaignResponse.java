package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a member did about a contact, on {@link Topics#CAMPAIGN_RESPONSES}. Of contacts only: what
 * the control arm does never leaves campaign-response.
 *
 * @param id the same response has the same id however often it is delivered
 * @param contact the contact it answers
 * @param program whose member
 * @param campaign the campaign's key
 * @param segment the segment the member was contacted for
 * @param channel how the member was contacted
 * @param member who
 * @param kind what
 * @param at when it happened
 * @param event the event that says so
 * @param value what it is worth, in the program's currency; null where it is worth nothing by
 *     itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CampaignResponse(
        String id,
        String contact,
        ProgramId program,
        String campaign,
        SegmentKey segment,
        String channel,
        MemberId member,
        ResponseKind kind,
        Instant at,
        EventReference event,
        @Nullable BigDecimal value) {}
