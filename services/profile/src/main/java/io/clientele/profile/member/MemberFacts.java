package io.clientele.profile.member;

import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.MemberId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that counts of a member and is not personal, as it is stored.
 *
 * @param since when the first event happened, one that was taken back included
 * @param events those that were not taken back, in no order
 * @param changes of attributes, points' balances among them
 */
public record MemberFacts(
        MemberId member, Instant since, List<Fact> events, List<AttributeChange> changes) {
    /** Copies. */
    public MemberFacts {
        events = List.copyOf(events);
        changes = List.copyOf(changes);
    }

    /** An event, with what is passed on of it. */
    public record Fact(
            String source,
            String id,
            String type,
            Instant occurredAt,
            Map<String, Object> properties) {
        /** Copies. */
        public Fact {
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        }
    }

    /** Whose are asked for. */
    public record Question(@Nullable List<@Nullable String> members) {}
}
