package io.clientele.reporting.fact;

import io.clientele.contracts.EventReference;
import io.clientele.contracts.MemberId;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * An event that figures are made of.
 *
 * @param reference its name in its program
 * @param member whose
 * @param kind what happened
 * @param occurredAt when
 * @param amount what was bought or brought back, in the program's currency; 0 for an enrollment
 */
record MemberEvent(
        EventReference reference,
        MemberId member,
        EventKind kind,
        Instant occurredAt,
        BigDecimal amount) {}
