package io.clientele.profile.status;

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

/** This service's part of the platform's status. */
@Path("/v1/status")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StatusResource {
    private final StatusService status;
    private final CurrentProgram program;

    @Inject
    StatusResource(StatusService status, CurrentProgram program) {
        this.status = status;
        this.program = program;
    }

    @GET
    @Authenticated
    @Operation(summary = "Freshness, lag and rejects of profile", hidden = true)
    public ProfileStatus status() {
        return status.of(new ProgramId(program.id()));
    }
}
