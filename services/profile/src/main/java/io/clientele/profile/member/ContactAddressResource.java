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
 * {@code /v1/contact-addresses}: for campaign-response only, which asks with the engine's token and
 * about its contacts. The gateway has no such route.
 */
@Path("/v1/contact-addresses")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ContactAddressResource {
    private final ContactAddressService addresses;
    private final CurrentProgram program;

    @Inject
    ContactAddressResource(ContactAddressService addresses, CurrentProgram program) {
        this.addresses = addresses;
        this.program = program;
    }

    @POST
    @RolesAllowed(Roles.ENGINE)
    @Operation(summary = "Where members who consent are reached", hidden = true)
    public Map<String, List<ContactAddress>> addresses(ContactAddress.@Nullable Question question) {
        return Map.of("items", addresses.addresses(new ProgramId(program.id()), question));
    }
}
