package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A member as of now, without anything personal; the latest of each member stays on {@link
 * Topics#MEMBER_PROFILES}.
 *
 * @param program whose member
 * @param member who
 * @param version grows with every change; a reader ignores a version older than the one it holds
 * @param kind member or prospect
 * @param attributes current values, built-in operands included ({@link AttributeChange#name()})
 * @param createdAt when the platform first heard of the member
 * @param updatedAt when this snapshot was made
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemberProfile(
        ProgramId program,
        MemberId member,
        long version,
        MemberKind kind,
        Map<String, Object> attributes,
        Instant createdAt,
        Instant updatedAt) {
    /** Takes a copy. */
    public MemberProfile {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
