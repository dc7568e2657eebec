package io.clientele.segmentation.segment;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments}: definitions. */
@Path("/v1/segments")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SegmentResource {
    private final SegmentService segments;
    private final SegmentSizeService sizes;
    private final CurrentProgram program;

    @Inject
    SegmentResource(SegmentService segments, SegmentSizeService sizes, CurrentProgram program) {
        this.segments = segments;
        this.sizes = sizes;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "All segments with their sizes")
    public Page<SegmentView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("sparkline") @Nullable String sparkline) {
        return sizes.list(
                program(), PageRequest.of(limit, cursor), SegmentSizeService.sparkline(sparkline));
    }

    @GET
    @Path("/{key}")
    @RolesAllowed({Roles.ENGINE, Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "A segment")
    public Response find(
            @PathParam("key") String key, @QueryParam("sparkline") @Nullable String sparkline) {
        var wanted = SegmentService.key(key);
        var segment = segments.find(program(), wanted);
        return Response.ok(sizes.find(program(), wanted, SegmentSizeService.sparkline(sparkline)))
                .header(HttpHeaders.ETAG, EntityTags.of(segment.revision()))
                .build();
    }

    @PUT
    @Path("/{key}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Make a segment, or a new version of it")
    public Response put(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable JsonNode body) {
        var wanted = SegmentService.writableKey(key);
        return answer(segments.put(program(), wanted, required(body), ifMatch, program.actor()));
    }

    @PATCH
    @Path("/{key}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Change name, description, strategy, owner or status")
    public Response patch(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable JsonNode body) {
        return answer(
                segments.patch(
                        program(),
                        SegmentService.key(key),
                        required(body),
                        ifMatch,
                        program.actor()));
    }

    @DELETE
    @Path("/{key}")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Archive a segment")
    public Response archive(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return answer(
                segments.archive(program(), SegmentService.key(key), ifMatch, program.actor()));
    }

    @GET
    @Path("/{key}/versions")
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Its versions, the latest first")
    public Map<String, List<SegmentVersion>> versions(@PathParam("key") String key) {
        return Map.of("items", segments.versions(program(), SegmentService.key(key)));
    }

    @GET
    @Path("/{key}/audit-log")
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Who changed what of it, the latest first")
    public Page<AuditEntry> audit(
            @PathParam("key") String key,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return segments.audit(program(), SegmentService.key(key), PageRequest.of(limit, cursor));
    }

    @POST
    @Path("/{key}/rollback")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Make an earlier version's condition the present one")
    public Response rollback(
            @PathParam("key") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Nullable JsonNode body) {
        var version = required(body).path("version");
        if (!version.isInt()) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "Say which version: {\"version\":1}.",
                    List.of(new FieldError("/version", "expected a whole number")));
        }
        return answer(
                segments.rollback(
                        program(),
                        SegmentService.key(key),
                        version.asInt(),
                        ifMatch,
                        program.actor()));
    }

    private Response answer(SegmentService.Outcome outcome) {
        int status = outcome.isApplied() ? (outcome.created() ? 201 : 200) : 202;
        return Response.status(status)
                .entity(sizes.view(outcome))
                .header(HttpHeaders.ETAG, EntityTags.of(outcome.segment().revision()))
                .build();
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }

    private static JsonNode required(@Nullable JsonNode body) {
        if (body == null) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "The request needs a JSON object as its body.",
                    List.of(new FieldError("", "expected an object")));
        }
        return body;
    }
}
