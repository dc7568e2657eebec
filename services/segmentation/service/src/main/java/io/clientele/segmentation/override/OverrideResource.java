package io.clientele.segmentation.override;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.membership.MembershipService;
import io.clientele.segmentation.override.MemberOverride.Direction;
import io.clientele.segmentation.segment.SegmentService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/{key}/overrides}: who is in a segment, or not, by hand. */
@Path("/v1/segments/{key}/overrides")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OverrideResource {
    private final OverrideService overrides;
    private final CurrentProgram program;

    @Inject
    OverrideResource(OverrideService overrides, CurrentProgram program) {
        this.overrides = overrides;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Who was set in or out by hand")
    public Page<MemberOverride> list(
            @PathParam("key") String key,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return overrides.list(program(), SegmentService.key(key), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/{member}")
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "How a member was set by hand")
    public MemberOverride find(@PathParam("key") String key, @PathParam("member") String member) {
        return overrides.find(program(), SegmentService.key(key), member(member));
    }

    @PUT
    @Path("/{member}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Put a member in, or out, whatever the condition says")
    public MemberOverride put(
            @PathParam("key") String key,
            @PathParam("member") String member,
            @Nullable Map<String, Object> body) {
        return overrides.put(
                program(),
                SegmentService.key(key),
                member(member),
                direction(body == null ? null : body.get("override")),
                program.actor());
    }

    @DELETE
    @Path("/{member}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Let the condition decide again")
    public void remove(@PathParam("key") String key, @PathParam("member") String member) {
        overrides.remove(program(), SegmentService.key(key), member(member), program.actor());
    }

    private static Direction direction(@Nullable Object word) {
        for (var direction : Direction.values()) {
            if (direction.key().equals(word)) {
                return direction;
            }
        }
        throw new RequestException(
                SegmentationError.SEGMENT_INVALID,
                "Say which way: {\"override\":\"include\"} or {\"override\":\"exclude\"}.",
                List.of(new FieldError("/override", "expected include or exclude")));
    }

    private static MemberId member(String id) {
        return MembershipService.member(id);
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
