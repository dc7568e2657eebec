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
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /v1/segments/{key}/watch}. */
@Path("/v1/segments/{key}/watch")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class WatchResource {
    private final WatchService watch;
    private final CurrentProgram program;

    @Inject
    WatchResource(WatchService watch, CurrentProgram program) {
        this.watch = watch;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Whether its size is unusual for the weekday")
    public WatchView watch(@PathParam("key") String key) {
        return watch.watch(new ProgramId(program.id()), SegmentService.key(key));
    }
}
