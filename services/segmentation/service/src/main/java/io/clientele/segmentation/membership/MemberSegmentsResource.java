package io.clientele.segmentation.membership;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.segment.SegmentService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/members/{member}/segments}: which segments a member is in. */
@Path("/v1/members/{member}/segments")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class MemberSegmentsResource {
    private final MembershipService memberships;
    private final CurrentProgram program;

    @Inject
    MemberSegmentsResource(MembershipService memberships, CurrentProgram program) {
        this.memberships = memberships;
        this.program = program;
    }

    @GET
    @RolesAllowed({
        Roles.ENGINE,
        Roles.AGENT,
        Roles.MARKETER,
        Roles.ANALYST,
        Roles.PRIVACY,
        Roles.ADMIN
    })
    @Operation(summary = "The segments a member is in, and until when at the earliest")
    public MembershipViews.Segments current(@PathParam("member") String member) {
        return memberships.current(program(), MembershipService.member(member));
    }

    @GET
    @Path("/history")
    @RolesAllowed({
        Roles.ENGINE,
        Roles.AGENT,
        Roles.MARKETER,
        Roles.ANALYST,
        Roles.PRIVACY,
        Roles.ADMIN
    })
    @Operation(summary = "The segments a member was in, the latest stay first")
    public Page<MembershipStay> history(
            @PathParam("member") String member,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return memberships.history(
                program(), MembershipService.member(member), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/{key}/explain")
    @RolesAllowed({Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.PRIVACY, Roles.ADMIN})
    @Operation(summary = "Why a member is, or is not, in a segment")
    public MembershipViews.Explained explain(
            @PathParam("member") String member,
            @PathParam("key") String key,
            @QueryParam("at") @Nullable String at) {
        return memberships.explain(
                program(),
                MembershipService.member(member),
                SegmentService.key(key),
                memberships.instant(at));
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
