package io.clientele.campaignresponse.response;

import io.clientele.campaignresponse.store.Database;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.ProgramId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Responses in PostgreSQL. Every call belongs in a transaction of the program. */
@ApplicationScoped
class ResponseRepository {
    private final Database database;

    @Inject
    ResponseRepository(Database database) {
        this.database = database;
    }

    /** Keeps responses; returns those that were not kept before. */
    List<MemberResponse> save(ProgramId program, List<MemberResponse> responses, Instant now) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var response : responses) {
            var assignment = response.assignment();
            rows.add(
                    new @Nullable Object[] {
                        program.value(),
                        response.id(),
                        assignment.contact(),
                        assignment.campaign(),
                        assignment.member().value(),
                        assignment.segment().value(),
                        assignment.channel(),
                        assignment.arm().key(),
                        response.kind().name().toLowerCase(Locale.ROOT),
                        response.at(),
                        response.event().source(),
                        response.event().id(),
                        response.value(),
                        response.machine(),
                        now
                    });
        }
        int[] written =
                database.batch(
                        "insert into response (program, id, contact, campaign, member, segment,"
                                + " channel, arm, kind, at, event_source, event_id, value, machine,"
                                + " recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                + " ?) on conflict do nothing",
                        rows);
        var fresh = new ArrayList<MemberResponse>();
        for (int i = 0; i < written.length; i++) {
            if (written[i] > 0) {
                fresh.add(responses.get(i));
            }
        }
        return fresh;
    }

    /** What these events said counts no more. */
    void takeBack(ProgramId program, Collection<EventReference> events) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var event : events) {
            rows.add(new Object[] {program.value(), event.source(), event.id()});
        }
        int[] unused =
                database.batch(
                        "update response set taken_back = true where program = ? and event_source ="
                                + " ? and event_id = ?",
                        rows);
    }
}
