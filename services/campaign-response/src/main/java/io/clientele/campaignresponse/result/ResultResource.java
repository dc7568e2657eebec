package io.clientele.campaignresponse.result;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/campaigns/{key}/results}. */
@Path("/v1/campaigns/{key}/results")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Campaigns")
@RunOnVirtualThread
class ResultResource {
    private final ResultService results;
    private final CurrentProgram program;

    @Inject
    ResultResource(ResultService results, CurrentProgram program) {
        this.results = results;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(
            summary = "What it brought: funnel, uplift, sample ratio, cost and return",
            description = "While it runs, at most two seconds old.")
    public CampaignResults results(@PathParam("key") String key) {
        return results.results(new ProgramId(program.id()), key);
    }
}
