package io.clientele.segmentation.verification;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.segment.SegmentService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/segments/{key}/verifications}. */
@Path("/v1/segments/{key}/verifications")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class VerificationResource {
    private static final int SHOWN = 50;

    private final VerificationService verifications;
    private final CurrentProgram program;

    @Inject
    VerificationResource(VerificationService verifications, CurrentProgram program) {
        this.verifications = verifications;
        this.program = program;
    }

    /** How much is wanted. */
    record VerificationBody(@Nullable Integer members) {}

    @POST
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "Make its memberships again from the stored events, and compare")
    public Verification verify(@PathParam("key") String key, @Nullable VerificationBody body) {
        return verifications.verify(
                new ProgramId(program.id()),
                SegmentService.key(key),
                body == null ? null : body.members(),
                "Bearer " + program.token(),
                program.actor());
    }

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "What verifications found, the latest first")
    public Map<String, List<Verification>> list(@PathParam("key") String key) {
        return Map.of(
                "items",
                verifications.list(new ProgramId(program.id()), SegmentService.key(key), SHOWN));
    }
}
