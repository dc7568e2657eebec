package io.clientele.profile.member;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/member-facts}: for segmentation only, which verifies its memberships with the caller's
 * token. The gateway has no such route.
 */
@Path("/v1/member-facts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class MemberFactsResource {
    private final MemberFactsService facts;
    private final CurrentProgram program;

    @Inject
    MemberFactsResource(MemberFactsService facts, CurrentProgram program) {
        this.facts = facts;
        this.program = program;
    }

    @POST
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(summary = "What is stored of members, without anything personal", hidden = true)
    public Map<String, List<MemberFacts>> facts(MemberFacts.@Nullable Question question) {
        return Map.of("items", facts.of(new ProgramId(program.id()), question));
    }
}
