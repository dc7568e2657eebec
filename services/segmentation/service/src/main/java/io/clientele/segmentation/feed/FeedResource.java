package io.clientele.segmentation.feed;

import io.clientele.common.feed.FeedRequest;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/feeds/memberships}. */
@Path("/v1/feeds/memberships")
@RunOnVirtualThread
class FeedResource {
    private final MembershipFeed feed;
    private final CurrentProgram program;

    @Inject
    FeedResource(MembershipFeed feed, CurrentProgram program) {
        this.feed = feed;
        this.program = program;
    }

    @GET
    @Produces({FeedRequest.LINES, FeedRequest.EVENTS})
    @RolesAllowed({Roles.ENGINE, Roles.ADMIN})
    @Operation(
            summary = "Membership changes after a position",
            description =
                    "As NDJSON one a line with its position, at most limit; ends when there is no"
                            + " more. With wait, an empty answer is held back until something"
                            + " comes. As text/event-stream it goes on until the token expires.")
    public Response read(
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("wait") @Nullable String wait,
            @HeaderParam("Last-Event-ID") @Nullable String last,
            @HeaderParam("Accept") @Nullable String accept) {
        var owner = new ProgramId(program.id());
        var request = FeedRequest.of(after, limit, wait, last, accept);
        var from = feed.position(request.after());
        return request.answer(
                "membership", program.validity(), reader -> feed.read(owner, from, reader));
    }
}
