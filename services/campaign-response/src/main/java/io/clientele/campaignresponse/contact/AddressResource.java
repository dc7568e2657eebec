package io.clientele.campaignresponse.contact;

import io.clientele.campaignresponse.CampaignError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/contacts/addresses}. */
@Path("/v1/contacts/addresses")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Campaigns")
@RunOnVirtualThread
class AddressResource {
    private static final int MOST = 1_000;

    private final AddressService addresses;
    private final CurrentProgram program;

    @Inject
    AddressResource(AddressService addresses, CurrentProgram program) {
        this.addresses = addresses;
        this.program = program;
    }

    /** The contacts asked for. */
    record Wanted(@Nullable List<String> contacts) {}

    @POST
    @RolesAllowed(Roles.ENGINE)
    @Operation(
            summary = "Addresses and personal fields of contacts, at sending",
            description =
                    "An answer for each, in their order: an address, or a problem (unknown-contact,"
                            + " no-consent, no-address). At most 1000 contacts. Not to be kept.")
    public Response addresses(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, @Nullable Wanted wanted) {
        var contacts = wanted == null ? null : wanted.contacts();
        if (contacts == null || contacts.isEmpty() || contacts.size() > MOST) {
            throw new RequestException(
                    CampaignError.CONTACTS_INVALID,
                    "Send {\"contacts\":[…]} with 1 to " + MOST + " ids.",
                    List.of(new FieldError("/contacts", "expected 1 to " + MOST + " ids")));
        }
        var found = addresses.addresses(new ProgramId(program.id()), contacts, authorization);
        return Response.ok(Map.of("items", found)).header("Cache-Control", "no-store").build();
    }
}
