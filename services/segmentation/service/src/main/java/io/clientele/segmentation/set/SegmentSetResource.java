package io.clientele.segmentation.set;

import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segment-sets}: classes of which every member is in exactly one. */
@Path("/v1/segment-sets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SegmentSetResource {
    private final SegmentSetService sets;
    private final CurrentProgram program;

    @Inject
    SegmentSetResource(SegmentSetService sets, CurrentProgram program) {
        this.sets = sets;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "All segment sets with the sizes of their classes")
    public Page<SegmentSetView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return sets.list(program(), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/{key}")
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "A segment set")
    public Response find(@PathParam("key") String key) {
        return answer(200, sets.find(program(), key));
    }

    @PUT
    @Path("/{key}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Make a segment set, or change all its classes at one instant")
    public Response put(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable SegmentSetBody body) {
        var outcome = sets.put(program(), key, body, ifMatch, program.actor());
        return answer(outcome.isApplied() ? (outcome.isCreated() ? 201 : 200) : 202, outcome);
    }

    private static Response answer(int status, SegmentSetService.Outcome outcome) {
        return Response.status(status)
                .entity(outcome.view())
                .header(HttpHeaders.ETAG, EntityTags.of(outcome.revision()))
                .build();
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
