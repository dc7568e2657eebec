package io.clientele.segmentation.persona;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.segment.SegmentService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/{key}/persona}. */
@Path("/v1/segments/{key}/persona")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class PersonaResource {
    private final PersonaService personas;
    private final CurrentProgram program;

    @Inject
    PersonaResource(PersonaService personas, CurrentProgram program) {
        this.personas = personas;
        this.program = program;
    }

    @GET
    @RolesAllowed({Roles.AGENT, Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "What its members are like, compared with everybody else")
    public Persona find(@PathParam("key") String key) {
        return personas.persona(new ProgramId(program.id()), SegmentService.key(key));
    }

    @PUT
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Write a persona of your own beside the counted one")
    public Persona edit(@PathParam("key") String key, @Nullable Map<String, Object> body) {
        if (body == null || body.isEmpty()) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "A persona is a JSON object with what you want to say of it.",
                    List.of(new FieldError("", "expected an object that is not empty")));
        }
        return personas.edit(
                new ProgramId(program.id()), SegmentService.key(key), body, program.actor());
    }
}
