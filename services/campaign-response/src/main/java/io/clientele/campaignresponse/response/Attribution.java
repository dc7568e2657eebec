package io.clientele.campaignresponse.response;

import io.clientele.campaignresponse.campaign.Campaign;
import io.clientele.campaignresponse.campaign.Goal;
import io.clientele.campaignresponse.contact.Arm;
import io.clientele.campaignresponse.contact.Assignment;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ResponseKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which event answers which decision. Pure functions. */
final class Attribution {
    /** What engines report. */
    private static final Map<String, ResponseKind> MESSAGES =
            Map.of(
                    "message.sent", ResponseKind.SENT,
                    "message.delivered", ResponseKind.DELIVERED,
                    "message.opened", ResponseKind.OPENED,
                    "message.clicked", ResponseKind.CLICKED,
                    "message.bounced", ResponseKind.BOUNCED,
                    "message.unsubscribed", ResponseKind.UNSUBSCRIBED,
                    "message.complained", ResponseKind.COMPLAINED,
                    "offer.redeemed", ResponseKind.REDEEMED);

    private Attribution() {}

    /** What a type says about the contact that it names, if it does. */
    static Optional<ResponseKind> kind(String type) {
        return Optional.ofNullable(MESSAGES.get(type));
    }

    /** The contact that an event names. */
    static @Nullable String contact(MemberRecord.EventApplied event) {
        return kind(event.type()).isPresent()
                        && event.properties().get("contact") instanceof String contact
                ? contact
                : null;
    }

    /** An event that names its contact. */
    static MemberResponse named(MemberRecord.EventApplied event, Assignment assignment) {
        var kind = kind(event.type()).orElseThrow();
        return new MemberResponse(
                id(assignment, kind, event.reference()),
                assignment,
                kind,
                event.occurredAt(),
                event.reference(),
                null,
                Boolean.TRUE.equals(event.properties().get("machine")));
    }

    /**
     * The decision that an event reaches the goal of: the latest that was taken at or before its
     * instant and whose window holds it. One event counts once in a campaign.
     *
     * @param decisions about the event's member in the campaign, the latest first
     */
    static Optional<MemberResponse> goal(
            MemberRecord.EventApplied event, Campaign campaign, List<Assignment> decisions) {
        var goal = campaign.draft().goal();
        if (goal == null || !goal.matches(event.type(), event.properties())) {
            return Optional.empty();
        }
        return decisions.stream()
                .filter(decision -> decision.campaign().equals(campaign.key()))
                .filter(decision -> isWithin(goal, decision.decidedAt(), event.occurredAt()))
                .findFirst()
                .map(decision ->
                        new MemberResponse(
                                id(decision, ResponseKind.GOAL, event.reference()),
                                decision,
                                ResponseKind.GOAL,
                                event.occurredAt(),
                                event.reference(),
                                value(goal, event.properties()),
                                false));
    }

    /** Whether a campaign offers what the event redeems. */
    static boolean isOffer(Campaign campaign, MemberRecord.EventApplied event) {
        return campaign.draft().offer() != null
                && campaign.draft().offer().equals(event.properties().get("offer"));
    }

    /**
     * What a redemption that names no contact answers: the latest contact that offered it. Nothing
     * was offered to the control arm.
     *
     * @param decisions about the event's member, the latest first
     */
    static Optional<MemberResponse> redeemed(
            MemberRecord.EventApplied event, List<Campaign> campaigns, List<Assignment> decisions) {
        var offering =
                campaigns.stream()
                        .filter(campaign -> isOffer(campaign, event))
                        .map(Campaign::key)
                        .toList();
        return decisions.stream()
                .filter(one -> one.arm() == Arm.TREATED)
                .filter(one -> offering.contains(one.campaign()))
                .filter(one -> !one.decidedAt().isAfter(event.occurredAt()))
                .findFirst()
                .map(one -> named(event, one));
    }

    private static boolean isWithin(Goal goal, Instant decided, Instant at) {
        return !at.isBefore(decided) && at.isBefore(decided.plus(goal.within()));
    }

    private static @Nullable BigDecimal value(Goal goal, Map<String, Object> properties) {
        var name = goal.value();
        return name != null && properties.get(name) instanceof Number number
                ? new BigDecimal(number.toString())
                : null;
    }

    private static String id(Assignment assignment, ResponseKind kind, EventReference event) {
        try {
            var text =
                    assignment.contact()
                            + ":"
                            + kind
                            + ":"
                            + event.source().length()
                            + ":"
                            + event.source()
                            + ":"
                            + event.id();
            var hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "r-" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
