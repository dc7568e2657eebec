package io.clientele.profile.member;

import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Members over HTTP. */
@Path("/v1/members")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Members")
@RunOnVirtualThread
public class MemberResource {
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final Set<String> MAY_SEE_PERSONAL_DATA =
            Set.of(Roles.AGENT, Roles.PRIVACY, Roles.ADMIN);

    private final MemberService members;
    private final CurrentProgram program;
    private final SecurityIdentity identity;

    @Inject
    MemberResource(MemberService members, CurrentProgram program, SecurityIdentity identity) {
        this.members = members;
        this.program = program;
        this.identity = identity;
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.AGENT, Roles.MARKETER, Roles.PRIVACY, Roles.ADMIN})
    @Operation(
            summary = "A member",
            description = "Personal attributes and identities only for agent, privacy and admin.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = MemberView.class)))
    public Response member(@PathParam("id") String id) {
        return answer(Response.ok(), members.require(program(), id));
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.AGENT, Roles.ADMIN})
    @Operation(
            summary = "Makes a member what the body says, or creates it",
            description =
                    "Attributes, consents and preferences that are not in the body are taken away;"
                            + " identities are only added. An edit needs If-Match.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = MemberView.class)))
    @APIResponse(responseCode = "201", description = "Created")
    @APIResponse(responseCode = "202", description = "Accepted, not applied yet")
    public Response put(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable Map<String, Object> wanted) {
        return answer(members.put(program(), id, body(wanted), ifMatch));
    }

    @PATCH
    @Path("/{id}")
    @Consumes({MERGE_PATCH, MediaType.APPLICATION_JSON})
    @RolesAllowed({Roles.AGENT, Roles.ADMIN})
    @Operation(
            summary = "Changes a member by a JSON Merge Patch",
            description = "Needs If-Match. An array stands for the whole of it.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = MemberView.class)))
    @APIResponse(responseCode = "202", description = "Accepted, not applied yet")
    public Response patch(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable Map<String, Object> patch) {
        return answer(members.patch(program(), id, body(patch), ifMatch));
    }

    @POST
    @Path("/search")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.AGENT, Roles.PRIVACY, Roles.ADMIN})
    @Operation(
            summary = "Members by identity or attributes",
            description = "Identities never stand in a URL. An empty object finds all.")
    public Page<MemberView> search(
            @Nullable MemberSearch search,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return members.search(program(), body(search), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/{id}/summary")
    @RolesAllowed({Roles.AGENT, Roles.MARKETER, Roles.PRIVACY, Roles.ADMIN})
    @Operation(summary = "A member in figures")
    public MemberSummary summary(@PathParam("id") String id) {
        return members.summary(program(), id);
    }

    @GET
    @Path("/{id}/timeline")
    @RolesAllowed({Roles.AGENT, Roles.MARKETER, Roles.PRIVACY, Roles.ADMIN})
    @Operation(summary = "A member's events, the latest first")
    public Page<TimelineEntry> timeline(
            @PathParam("id") String id,
            @QueryParam("type") @Nullable String type,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return members.timeline(
                program(), id, type, PageRequest.of(limit, cursor), seesPersonalData());
    }

    private Response answer(MemberService.Edited edited) {
        var member = edited.member();
        if (member == null) {
            return Response.accepted().build();
        }
        return answer(edited.created() ? Response.status(201) : Response.ok(), member);
    }

    private Response answer(Response.ResponseBuilder response, Member member) {
        return response.entity(MemberView.of(member, seesPersonalData()))
                .header(HttpHeaders.ETAG, EntityTags.of(member.revision()))
                .build();
    }

    private static <T> T body(@Nullable T given) {
        if (given == null) {
            throw new RequestException(CommonError.BODY_INVALID, "Send a JSON object.");
        }
        return given;
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }

    private boolean seesPersonalData() {
        return identity.getRoles().stream().anyMatch(MAY_SEE_PERSONAL_DATA::contains);
    }
}
