package io.clientele.profile.member;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What became of events, over HTTP. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
@RunOnVirtualThread
public class EventResource {
    private final MemberService members;
    private final CurrentProgram program;

    @Inject
    EventResource(MemberService members, CurrentProgram program) {
        this.members = members;
        this.program = program;
    }

    @GET
    @Path("/events/{source}/{id}")
    @RolesAllowed({Roles.INGEST, Roles.AGENT, Roles.ADMIN})
    @Operation(summary = "What became of an event")
    public EventStatus event(@PathParam("source") String source, @PathParam("id") String id) {
        return members.event(new ProgramId(program.id()), source, id);
    }

    @GET
    @Path("/import-outcomes/{importId}")
    @RolesAllowed({Roles.INGEST, Roles.ADMIN})
    @Operation(summary = "What became of an import's events so far", hidden = true)
    public ImportOutcome importOutcome(@PathParam("importId") String importId) {
        return members.importOutcome(new ProgramId(program.id()), importId);
    }
}
