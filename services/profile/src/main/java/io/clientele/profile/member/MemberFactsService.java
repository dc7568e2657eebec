package io.clientele.profile.member;

import com.mongodb.MongoException;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.profile.ProfileError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the stored events say of members, made anew from them alone. Cost: one query, and all
 * events of the members. Thread-safe.
 */
@ApplicationScoped
class MemberFactsService {
    private static final int MOST = 500;

    private final EventRepository events;

    @Inject
    MemberFactsService(EventRepository events) {
        this.events = events;
    }

    /**
     * The facts of each member that has any.
     *
     * @throws RequestException 422 if the question is none
     */
    List<MemberFacts> of(ProgramId program, MemberFacts.@Nullable Question question) {
        var asked = question == null ? null : question.members();
        if (asked == null || asked.size() > MOST || asked.contains(null)) {
            throw new RequestException(
                    ProfileError.MEMBER_INVALID,
                    "Send {\"members\":[…]} with at most " + MOST + " ids.",
                    List.of(new FieldError("/members", "expected at most " + MOST + " ids")));
        }
        try {
            return events.ofMembers(program, asked.stream().map(String::valueOf).toList()).stream()
                    .collect(Collectors.groupingBy(StoredEvent::member))
                    .entrySet()
                    .stream()
                    .map(member -> facts(member.getKey(), member.getValue()))
                    .toList();
        } catch (MongoException e) {
            throw new TransientException(
                    ProfileError.PROFILE_UNAVAILABLE, "The store of members does not answer.", e);
        }
    }

    /** Package-private for its test. */
    static MemberFacts facts(MemberId member, List<StoredEvent> stored) {
        var counted =
                stored.stream()
                        .filter(event -> event.retraction() == null)
                        .filter(event -> !event.type().equals(EventTypes.EVENT_RETRACTED))
                        .toList();
        var changes = new ArrayList<AttributeChange>();
        for (var event : counted) {
            for (var declared : event.declared()) {
                if (declared.scope() == Declared.Scope.PUBLIC) {
                    changes.add(ApplyStep.change(declared, event));
                }
            }
        }
        changes.addAll(Member.restated(List.of(), counted));
        return new MemberFacts(
                member,
                stored.stream().map(StoredEvent::occurredAt).min(Instant::compareTo).orElseThrow(),
                counted.stream()
                        .map(event ->
                                new MemberFacts.Fact(
                                        event.source(),
                                        event.id(),
                                        event.type(),
                                        event.occurredAt(),
                                        Declarations.parse(
                                                event.forwarded() == null
                                                        ? event.properties()
                                                        : event.forwarded())))
                        .toList(),
                changes);
    }
}
