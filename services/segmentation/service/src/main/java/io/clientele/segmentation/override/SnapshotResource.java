package io.clientele.segmentation.override;

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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/{key}/snapshots}: lists of those who are in a segment now. */
@Path("/v1/segments/{key}/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class SnapshotResource {
    private final ListService lists;
    private final CurrentProgram program;

    @Inject
    SnapshotResource(ListService lists, CurrentProgram program) {
        this.lists = lists;
        this.program = program;
    }

    /** The list to be made. */
    record SnapshotBody(@Nullable String key, @Nullable String name) {}

    @POST
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Make a list of those who are in it now")
    public Response snapshot(@PathParam("key") String key, @Nullable SnapshotBody body) {
        if (body == null || body.key() == null) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "A snapshot becomes a list.",
                    List.of(new FieldError("/key", "expected the key of the list to be made")));
        }
        return Response.status(Response.Status.CREATED)
                .entity(
                        lists.snapshot(
                                new ProgramId(program.id()),
                                SegmentService.key(key),
                                SegmentService.writableKey(body.key()),
                                body.name(),
                                program.actor()))
                .build();
    }
}
