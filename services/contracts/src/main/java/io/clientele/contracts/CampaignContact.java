package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message decided for one member, on {@link Topics#CAMPAIGN_CONTACTS} and {@link
 * Topics#campaignContactsOf(ProgramId)}. Members of the control arm never have one. Holds nothing
 * personal: addresses, and the values of the message's personal fields, are asked for at sending.
 *
 * @param contact the contact's id; the same contact has the same id however often it is delivered
 * @param program whose member
 * @param member who
 * @param campaign the campaign's key
 * @param version the campaign's version that decided it
 * @param segment the segment the member is contacted for
 * @param channel how, such as {@code email}
 * @param language of the message, BCP 47, or null where the campaign has one message for all
 * @param message what to send
 * @param offer what is offered, or null
 * @param notBefore not to be sent before this instant
 * @param notAfter not to be sent from this instant on, or null if it does not go stale
 * @param decidedAt when it was decided
 * @param sequence grows with every contact of the program; the order of the feed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CampaignContact(
        String contact,
        ProgramId program,
        MemberId member,
        String campaign,
        int version,
        SegmentKey segment,
        String channel,
        @Nullable String language,
        Message message,
        @Nullable Offer offer,
        Instant notBefore,
        @Nullable Instant notAfter,
        Instant decidedAt,
        long sequence) {
    /**
     * A message with the member's values in it, but for personal ones: each of those stands as
     * <code>{{name}}</code> for the engine to fill in.
     *
     * @param subject of an e-mail, or null
     * @param body the text
     * @param fields the personal attributes that stand in it, ascending
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Message(@Nullable String subject, String body, List<String> fields) {
        /** Takes a copy. */
        public Message {
            fields = List.copyOf(fields);
        }
    }

    /**
     * What is offered.
     *
     * @param key the offer's key
     * @param code the member's own code, or null if the offer needs none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Offer(String key, @Nullable String code) {}
}
