package io.clientele.segmentation.preview;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.SegmentationError;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/preview}. */
@Path("/v1/segments/preview")
@Produces(MediaType.APPLICATION_JSON)
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
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "Size and parts of a condition before it is saved")
    public Preview preview(@Nullable PreviewRequest request) {
        if (request == null) {
            throw new RequestException(
                    SegmentationError.CONDITION_INVALID,
                    "A preview needs a condition.",
                    List.of(new FieldError("/condition", "expected an object")));
        }
        return previews.preview(new ProgramId(program.id()), request);
    }
}
