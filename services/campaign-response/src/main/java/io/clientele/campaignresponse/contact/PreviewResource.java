package io.clientele.campaignresponse.contact;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** {@code /v1/campaigns/{key}/preview}. */
@Path("/v1/campaigns/{key}/preview")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Campaigns")
@RunOnVirtualThread
class PreviewResource {
    private final PreviewService previews;
    private final CurrentProgram program;

    @Inject
    PreviewResource(PreviewService previews, CurrentProgram program) {
        this.previews = previews;
        this.program = program;
    }

    @POST
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Whom it would contact now, whom not and why, and a sample")
    public Preview preview(@PathParam("key") String key) {
        return previews.preview(new ProgramId(program.id()), key);
    }
}
