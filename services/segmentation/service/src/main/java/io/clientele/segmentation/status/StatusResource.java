package io.clientele.segmentation.status;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.contracts.ProgramId;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /v1/status}, which the gateway puts together with that of the other services. */
@Path("/v1/status")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class StatusResource {
    private final StatusService status;
    private final CurrentProgram program;

    @Inject
    StatusResource(StatusService status, CurrentProgram program) {
        this.status = status;
        this.program = program;
    }

    @GET
    @Authenticated
    @Operation(summary = "Freshness and lag of memberships")
    public StatusView status() {
        return status.status(new ProgramId(program.id()));
    }
}
