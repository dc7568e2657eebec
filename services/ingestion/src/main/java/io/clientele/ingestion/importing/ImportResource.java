package io.clientele.ingestion.importing;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.ingestion.Programs;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/imports}. */
@Path("/v1/imports")
@Tag(name = "Imports")
@RunOnVirtualThread
public class ImportResource {
    private static final Pattern RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\*|\\d{1,18})");

    private final Programs programs;
    private final CurrentProgram current;
    private final ImportService service;

    @Inject
    ImportResource(Programs programs, CurrentProgram current, ImportService service) {
        this.programs = programs;
        this.current = current;
        this.service = service;
    }

    /**
     * A new import.
     *
     * @param source of its events
     * @param mapping what rows mean; absent: each line is an event
     * @param shiftToNow move all times so that the last event is now
     */
    @Schema(name = "NewImport")
    record NewImport(
            @Schema(description = "Source of the events: the same file again has the same")
                    @Nullable String source,
            @Schema(
                            description =
                                    "How rows become events (docs/imports.md); absent: the file is"
                                            + " NDJSON and each line an event",
                            type = SchemaType.OBJECT)
                    @Nullable JsonNode mapping,
            @Schema(
                            description = "Move all times so that the last event is now",
                            defaultValue = "false")
                    @Nullable Boolean shiftToNow) {}

    @POST
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(
            summary = "Begins an import",
            description =
                    "Its content follows by PUT. The same request with the same Idempotency-Key is"
                            + " answered with the import it made the first time.")
    @APIResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = ImportView.class)))
    @APIResponse(
            responseCode = "200",
            description = "The import was made by the same request before",
            content = @Content(schema = @Schema(implementation = ImportView.class)))
    public Response create(@HeaderParam("Idempotency-Key") @Nullable String key, NewImport wanted) {
        var mapping = wanted.mapping();
        var made =
                service.create(
                        programs.require(current),
                        wanted.source(),
                        mapping == null || mapping.isNull() ? null : mapping,
                        Boolean.TRUE.equals(wanted.shiftToNow()),
                        current.actor(),
                        key);
        var at = URI.create("/v1/imports/" + made.view().id());
        return (made.isNew() ? Response.created(at) : Response.ok().location(at))
                .entity(made.view())
                .build();
    }

    @GET
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(summary = "All imports, newest first")
    public Page<ImportView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return service.list(programs.require(current), PageRequest.of(limit, cursor));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(
            summary = "Progress and counts of an import",
            description =
                    "\"applying\" says that all is sent and members are being brought up to date;"
                            + " when it is \"completed\" the counts are final.")
    public ImportView read(
            String id, @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        return service.read(programs.require(current), id, authorization);
    }

    @PUT
    @Path("/{id}/content")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(
            summary = "Sends the file",
            description =
                    "Streamed, of any size, gzipped or not. What arrived stays: after a break go on"
                            + " with Content-Range: bytes FROM-TO/TOTAL, where FROM is"
                            + " content.received of the import. With the last byte the import"
                            + " begins to run.")
    @RequestBody(
            content =
                    @Content(
                            mediaType = "text/csv",
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = ImportView.class)))
    public Response receive(
            String id,
            @HeaderParam("Content-Range") @Nullable String range,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length,
            InputStream body)
            throws IOException {
        var program = programs.require(current);
        if (range == null) {
            return Response.accepted(service.receive(program, id, 0, null, length, body)).build();
        }
        var matcher = RANGE.matcher(range.strip());
        if (!matcher.matches()) {
            throw new RequestException(
                    CommonError.REQUEST_INVALID,
                    "Content-Range is bytes FROM-TO/TOTAL, or bytes FROM-TO/* while more follows;"
                            + " was "
                            + range
                            + ".");
        }
        long from = Long.parseLong(matcher.group(1));
        long until = Long.parseLong(matcher.group(2)) + 1;
        var total = matcher.group(3).equals("*") ? null : Long.valueOf(matcher.group(3));
        return Response.accepted(service.receive(program, id, from, until, total, body)).build();
    }

    @POST
    @Path("/{id}/pause")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(summary = "Pauses an import after the step under way")
    public ImportView pause(String id) {
        return service.pause(programs.require(current), id);
    }

    @POST
    @Path("/{id}/resume")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(summary = "Lets a paused import go on")
    public ImportView resume(String id) {
        return service.resume(programs.require(current), id);
    }

    @POST
    @Path("/{id}/cancel")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(summary = "Gives an import up", description = "What was sent stays.")
    public ImportView cancel(String id) {
        return service.cancel(programs.require(current), id);
    }

    @GET
    @Path("/{id}/errors")
    @Produces("application/x-ndjson")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(
            summary = "The rows that made no event",
            description = "One line each: {\"line\",\"reason\",\"remedy\"}.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = "application/x-ndjson",
                            schema = @Schema(type = SchemaType.STRING)))
    public Response errors(String id) {
        var program = programs.require(current);
        service.require(program, id);
        StreamingOutput lines = out -> service.writeErrors(program, id, out);
        return Response.ok(lines).build();
    }
}
