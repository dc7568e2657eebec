package io.clientele.segmentation.preview;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/overlap}. */
@Path("/v1/segments/overlap")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class OverlapResource {
    private final OverlapService overlaps;
    private final CurrentProgram program;

    @Inject
    OverlapResource(OverlapService overlaps, CurrentProgram program) {
        this.overlaps = overlaps;
        this.program = program;
    }

    @POST
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "How many members segments share, two by two")
    public Overlap overlap(@Nullable OverlapRequest request) {
        return overlaps.overlap(
                new ProgramId(program.id()), request == null ? new OverlapRequest(null) : request);
    }
}
