package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.campaignresponse.CampaignError;
import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/campaigns}: definitions. */
@Path("/v1/campaigns")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Campaigns")
@RunOnVirtualThread
class CampaignResource {
    private final CampaignService campaigns;
    private final CurrentProgram program;

    @Inject
    CampaignResource(CampaignService campaigns, CurrentProgram program) {
        this.campaigns = campaigns;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "All campaigns")
    public Page<CampaignView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var page = campaigns.list(program(), PageRequest.of(limit, cursor));
        return new Page<>(
                page.items().stream().map(CampaignView::of).toList(), page.next(), page.asOf());
    }

    @GET
    @Path("/{key}")
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "A campaign")
    public Response find(@PathParam("key") String key) {
        return answer(200, campaigns.require(program(), key));
    }

    @PUT
    @Path("/{key}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(
            summary = "Make a campaign, or a new version of it",
            description = "An edit needs If-Match; an equal body changes nothing.")
    public Response put(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable JsonNode body) {
        if (body == null) {
            throw new RequestException(
                    CampaignError.CAMPAIGN_INVALID,
                    "The request needs a JSON object as its body.",
                    List.of(new FieldError("", "expected an object")));
        }
        var outcome = campaigns.put(program(), key, body, ifMatch, program.actor());
        return answer(outcome.created() ? 201 : 200, outcome.campaign());
    }

    @POST
    @Path("/{key}/start")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Start it, or go on after a pause")
    public Response start(@PathParam("key") String key) {
        return answer(200, campaigns.start(program(), key, program.actor()));
    }

    @POST
    @Path("/{key}/pause")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Contact nobody for now")
    public Response pause(@PathParam("key") String key) {
        return answer(200, campaigns.pause(program(), key, program.actor()));
    }

    @POST
    @Path("/{key}/stop")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Contact nobody any more; what members do is still counted")
    public Response stop(@PathParam("key") String key) {
        return answer(200, campaigns.stop(program(), key, program.actor()));
    }

    private static Response answer(int status, Campaign campaign) {
        return Response.status(status)
                .entity(CampaignView.of(campaign))
                .header(HttpHeaders.ETAG, EntityTags.of(campaign.revision()))
                .build();
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
