package io.clientele.segmentation.history;

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

/** {@code /v1/segments/{key}/history}. */
@Path("/v1/segments/{key}/history")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SizeHistoryResource {
    private final SizeHistoryService sizes;
    private final CurrentProgram program;

    @Inject
    SizeHistoryResource(SizeHistoryService sizes, CurrentProgram program) {
        this.sizes = sizes;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Its size, and who entered and left, per hour, day, week or month")
    public SizeHistory history(
            @PathParam("key") String key,
            @QueryParam("interval") @Nullable String interval,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        return sizes.history(
                new ProgramId(program.id()), SegmentService.key(key), interval, from, to);
    }
}
