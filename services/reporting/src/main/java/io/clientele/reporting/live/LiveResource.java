package io.clientele.reporting.live;

import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.reporting.ReportingError;
import io.clientele.reporting.program.DefinedSegments;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/live}. */
@Path("/v1/live")
@RunOnVirtualThread
class LiveResource {
    private static final String EVENTS = "text/event-stream";

    private final LiveService live;
    private final DefinedSegments segments;
    private final CurrentProgram program;
    private final JsonWebToken token;
    private final Clock clock;

    @Inject
    LiveResource(
            LiveService live,
            DefinedSegments segments,
            CurrentProgram program,
            JsonWebToken token,
            Clock clock) {
        this.live = live;
        this.segments = segments;
        this.program = program;
        this.token = token;
        this.clock = clock;
    }

    @GET
    @Produces(EVENTS)
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(
            summary = "What happens now",
            description =
                    "Server-sent events until the token expires. topics: any of events, segments,"
                        + " campaigns, separated by commas; all of them when it is absent. events:"
                        + " every second the rate of member events. segments: sizes at the start"
                        + " and when they change, and as membership the latest entries and exits,"
                        + " at most 20 a second. campaigns: contacts and responses at the start and"
                        + " when they change.")
    public Response live(@QueryParam("topics") @Nullable String topics) {
        var wanted = topics(topics);
        var owner = new ProgramId(program.id());
        if (live.isFull()) {
            throw new TransientException(
                    CommonError.UNAVAILABLE, "Too many live streams at once.", null);
        }
        var expiresAt = Instant.ofEpochSecond(token.getExpirationTime());
        return Response.ok(new LiveStream(live, segments, clock, owner, wanted, expiresAt), EVENTS)
                .header("Cache-Control", "no-store")
                .build();
    }

    private static Set<LiveTopic> topics(@Nullable String topics) {
        if (topics == null || topics.isBlank()) {
            return EnumSet.allOf(LiveTopic.class);
        }
        var wanted = EnumSet.noneOf(LiveTopic.class);
        for (var name : topics.split(",", -1)) {
            wanted.add(
                    Arrays.stream(LiveTopic.values())
                            .filter(topic -> topic.key().equals(name.strip()))
                            .findFirst()
                            .orElseThrow(() -> refused(name)));
        }
        return wanted;
    }

    private static RequestException refused(String name) {
        var allowed =
                Arrays.stream(LiveTopic.values())
                        .map(LiveTopic::key)
                        .collect(Collectors.joining(", "));
        return new RequestException(
                ReportingError.LIVE_TOPIC_INVALID,
                "A topic of live streams was expected.",
                List.of(new FieldError("/topics", "any of " + allowed + ", was \"" + name + "\"")));
    }
}
