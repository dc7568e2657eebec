package io.clientele.ingestion.program;

import io.clientele.common.http.EntityTags;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.Programs;
import io.clientele.ingestion.registry.Registry;
import io.clientele.ingestion.registry.RegistryService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/program}. */
@Path("/v1/program")
@Tag(name = "Program")
@RunOnVirtualThread
public class ProgramResource {
    private final Programs programs;
    private final CurrentProgram current;
    private final Registry registry;
    private final RegistryService service;

    @Inject
    ProgramResource(
            Programs programs, CurrentProgram current, Registry registry, RegistryService service) {
        this.programs = programs;
        this.current = current;
        this.registry = registry;
        this.service = service;
    }

    @GET
    @RolesAllowed({
        Roles.INGEST,
        Roles.ENGINE,
        Roles.AGENT,
        Roles.MARKETER,
        Roles.ANALYST,
        Roles.PRIVACY,
        Roles.ADMIN
    })
    @Operation(summary = "The program's settings")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ProgramSettings.class)))
    public Response read() {
        return answer(registry.program(programs.require(current)));
    }

    @PUT
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Replaces the program's settings",
            description = "If-Match, if it is sent, must name the present ETag.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = ProgramSettings.class)))
    public Response replace(
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch, ProgramSettings settings) {
        var program = programs.require(current);
        return answer(
                service.edit(
                                program,
                                RegistryRecord.Program.class,
                                "",
                                current.actor(),
                                before -> {
                                    long version =
                                            before.map(RegistryRecord.Program::version).orElse(0L);
                                    var same = settings.toRecord(program, version);
                                    if (before.isPresent() && before.get().equals(same)) {
                                        return same;
                                    }
                                    if (ifMatch != null) {
                                        EntityTags.check(ifMatch, version);
                                    }
                                    return settings.toRecord(program, version + 1);
                                })
                        .entry());
    }

    private static Response answer(RegistryRecord.Program program) {
        return Response.ok(ProgramSettings.of(program))
                .header(HttpHeaders.ETAG, EntityTags.of(program.version()))
                .build();
    }
}
