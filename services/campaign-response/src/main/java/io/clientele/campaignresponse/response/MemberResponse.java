package io.clientele.campaignresponse.response;

import io.clientele.campaignresponse.contact.Arm;
import io.clientele.campaignresponse.contact.Assignment;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.ResponseKind;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a member of either arm did.
 *
 * @param id the same response has the same id however often its event comes
 * @param assignment what it answers
 * @param kind what
 * @param at when
 * @param event what says so
 * @param value what it is worth, or null
 * @param machine true if a machine did it, such as a mail proxy
 */
record MemberResponse(
        String id,
        Assignment assignment,
        ResponseKind kind,
        Instant at,
        EventReference event,
        @Nullable BigDecimal value,
        boolean machine) {
    /** Only what people did about a contact leaves. */
    boolean leaves() {
        return assignment.arm() == Arm.TREATED && !machine;
    }
}
