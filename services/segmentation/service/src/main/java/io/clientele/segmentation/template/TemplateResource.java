package io.clientele.segmentation.template;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.clientele.common.problem.FieldError;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code /v1/segment-templates}. */
@Path("/v1/segment-templates")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class TemplateResource {
    private final TemplateService templates;
    private final CurrentProgram program;

    @Inject
    TemplateResource(TemplateService templates, CurrentProgram program) {
        this.templates = templates;
        this.program = program;
    }

    /** All of them. */
    record Items(List<Item> items) {}

    /**
     * A template.
     *
     * @param ready whether a segment can be made of it as it is
     * @param errors if not, why
     */
    record Item(@JsonUnwrapped SegmentTemplate template, boolean ready, List<FieldError> errors) {}

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Segments to begin with, and what each still needs")
    public Items list() {
        return new Items(
                templates.offered(new ProgramId(program.id())).stream()
                        .map(each -> new Item(each.template(), each.ready(), each.errors()))
                        .toList());
    }
}
