package io.clientele.profile.member;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member as callers see it.
 *
 * @param id the member
 * @param kind member or prospect
 * @param identities identifiers in other systems; absent for those who may not see personal data
 * @param attributes present values
 * @param unknownAttributes values of attributes the program has not defined; kept aside, absent for
 *     those who may not see personal data
 * @param consents latest word on each purpose and channel
 * @param preferences by name
 * @param loyalty tier and points
 * @param declaredAt since when each attribute holds, and what declared it
 * @param createdAt when the platform first heard of the member
 * @param updatedAt when anything above last changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemberView(
        MemberId id,
        MemberKind kind,
        @Nullable List<Identity> identities,
        Map<String, Object> attributes,
        @Nullable Map<String, Object> unknownAttributes,
        List<Consent> consents,
        Map<String, Object> preferences,
        Loyalty loyalty,
        Map<String, Declaration> declaredAt,
        Instant createdAt,
        Instant updatedAt) {
    /**
     * A consent given or withdrawn.
     *
     * @param purpose what for
     * @param channel through which channel
     * @param granted given, or withdrawn
     * @param at when
     * @param source the event's source that said so
     * @param proof where it is written down
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Consent(
            String purpose,
            String channel,
            boolean granted,
            Instant at,
            String source,
            @Nullable String proof) {}

    /**
     * The standing in the program.
     *
     * @param tier recognition level
     * @param points balance
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Loyalty(@Nullable Object tier, @Nullable Object points) {}

    /**
     * Where a value comes from.
     *
     * @param at since when it holds
     * @param source the event's source that declared it
     */
    public record Declaration(Instant at, String source) {}

    /** The view of {@code member}, with or without what is personal. */
    static MemberView of(Member member, boolean personal) {
        var attributes = new TreeMap<String, Object>();
        var unknown = new TreeMap<String, Object>();
        var preferences = new TreeMap<String, Object>();
        var declaredAt = new TreeMap<String, Declaration>();
        var consents = new ArrayList<Consent>();
        Object tier = null;
        Object points = null;
        for (var version : member.attributes().values()) {
            var declared = version.declared();
            var json = declared.json();
            var name = declared.name();
            if (json == null || (declared.scope() != Declared.Scope.PUBLIC && !personal)) {
                continue;
            }
            var value = Member.parse(json);
            if (declared.scope() == Declared.Scope.ASIDE) {
                unknown.put(name, value);
            } else if (name.startsWith("consent.")) {
                var parts = name.split("\\.", 3);
                consents.add(
                        new Consent(
                                parts[1],
                                parts[2],
                                Boolean.TRUE.equals(value),
                                version.moment().at(),
                                version.moment().source(),
                                personal ? declared.proof() : null));
            } else if (name.startsWith("preference.")) {
                preferences.put(name.substring("preference.".length()), value);
            } else if (name.equals("loyalty.tier")) {
                tier = value;
            } else if (name.equals("loyalty.points")) {
                points = value;
            } else {
                attributes.put(name, value);
                declaredAt.put(
                        name, new Declaration(version.moment().at(), version.moment().source()));
            }
        }
        return new MemberView(
                member.id(),
                member.kind(),
                personal ? List.copyOf(member.identities()) : null,
                attributes,
                personal && !unknown.isEmpty() ? unknown : null,
                consents,
                preferences,
                new Loyalty(tier, points),
                declaredAt,
                member.createdAt(),
                member.updatedAt());
    }
}
