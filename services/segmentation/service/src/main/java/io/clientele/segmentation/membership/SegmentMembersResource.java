package io.clientele.segmentation.membership;

import io.clientele.common.paging.PageRequest;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.segment.SegmentService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/{key}/members}: who is in a segment. */
@Path("/v1/segments/{key}/members")
@RunOnVirtualThread
class SegmentMembersResource {
    private static final String LINES = "application/x-ndjson";
    private static final String CSV = "text/csv";

    private final MembershipService memberships;
    private final CurrentProgram program;

    @Inject
    SegmentMembersResource(MembershipService memberships, CurrentProgram program) {
        this.memberships = memberships;
        this.program = program;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, LINES, CSV})
    @RolesAllowed({Roles.ENGINE, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(
            summary = "Who is in a segment",
            description = "As JSON a page of it, as NDJSON or CSV everybody.")
    public Response members(
            @PathParam("key") String key,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("at") @Nullable String at,
            @HeaderParam("Accept") @Nullable String accept) {
        var segment = SegmentService.key(key);
        var instant = memberships.instant(at);
        var owner = program();
        boolean isCsv = accept != null && accept.contains(CSV);
        if (isCsv || (accept != null && accept.contains(LINES))) {
            memberships.check(owner, segment);
            return Response.ok(
                            new MembershipExport(memberships, owner, segment, instant, isCsv),
                            isCsv ? CSV : LINES)
                    .build();
        }
        return Response.ok(
                        memberships.members(owner, segment, PageRequest.of(limit, cursor), instant),
                        MediaType.APPLICATION_JSON)
                .build();
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
