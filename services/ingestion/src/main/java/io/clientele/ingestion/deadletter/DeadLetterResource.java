package io.clientele.ingestion.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.ingestion.Programs;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/dead-letters}. */
@Path("/v1/dead-letters")
@Tag(name = "Operations")
@RunOnVirtualThread
public class DeadLetterResource {
    private final Programs programs;
    private final CurrentProgram current;
    private final DeadLetterService service;

    @Inject
    DeadLetterResource(Programs programs, CurrentProgram current, DeadLetterService service) {
        this.programs = programs;
        this.current = current;
        this.service = service;
    }

    /**
     * What to replay.
     *
     * @param event in the dead letter's place, or null for the event as it was
     */
    record Replay(
            @Schema(
                            description = "A corrected event; absent for the event as it was",
                            type = SchemaType.OBJECT)
                    @Nullable JsonNode event) {}

    @GET
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Records that could not be applied, newest first",
            description = "They may hold personal data.")
    public Page<DeadLetterView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("reason") @Nullable String reason) {
        return service.list(programs.require(current), PageRequest.of(limit, cursor), reason);
    }

    @POST
    @Path("/{id}/replays")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Sends a dead letter in again",
            description = "As it was, or with a corrected event in its place.")
    @APIResponse(
            responseCode = "202",
            content = @Content(schema = @Schema(implementation = DeadLetterView.class)))
    public Response replay(String id, @Nullable Replay replay) {
        var corrected =
                replay == null || replay.event() == null || replay.event().isNull()
                        ? null
                        : replay.event();
        return Response.accepted(
                        service.replay(programs.require(current), id, current.actor(), corrected))
                .build();
    }
}
