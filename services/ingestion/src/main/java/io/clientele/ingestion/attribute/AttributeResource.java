package io.clientele.ingestion.attribute;

import io.clientele.common.http.EntityTags;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.Programs;
import io.clientele.ingestion.Suggestions;
import io.clientele.ingestion.registry.Registry;
import io.clientele.ingestion.registry.RegistryService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/attributes}. */
@Path("/v1/attributes")
@Tag(name = "Program")
@RunOnVirtualThread
public class AttributeResource {
    private final Programs programs;
    private final CurrentProgram current;
    private final Registry registry;
    private final RegistryService service;
    private final Clock clock;

    @Inject
    AttributeResource(
            Programs programs,
            CurrentProgram current,
            Registry registry,
            RegistryService service,
            Clock clock) {
        this.programs = programs;
        this.current = current;
        this.registry = registry;
        this.service = service;
        this.clock = clock;
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
    @Operation(summary = "All attributes, by name")
    public Page<AttributeView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var after = page.position().orElse("");
        List<AttributeView> found =
                registry.attributes(programs.require(current)).stream()
                        .filter(it -> it.name().compareTo(after) > 0)
                        .limit(page.limit() + 1L)
                        .map(AttributeView::of)
                        .toList();
        boolean more = found.size() > page.limit();
        var items = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                items,
                more ? PageRequest.cursorAfter(String.valueOf(items.getLast().name())) : null,
                clock.instant());
    }

    @GET
    @Path("/{name}")
    @RolesAllowed({
        Roles.INGEST,
        Roles.ENGINE,
        Roles.AGENT,
        Roles.MARKETER,
        Roles.ANALYST,
        Roles.PRIVACY,
        Roles.ADMIN
    })
    @Operation(summary = "One attribute")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AttributeView.class)))
    public Response read(String name) {
        var program = programs.require(current);
        var found =
                registry.attribute(program, name)
                        .orElseThrow(() ->
                                new RequestException(
                                        IngestionError.ATTRIBUTE_UNKNOWN,
                                        "There is no attribute \""
                                                + name
                                                + "\"."
                                                + Suggestions.nearest(
                                                        name,
                                                        registry.attributes(program).stream()
                                                                .map(it -> it.name())
                                                                .toList())));
        return answer(Response.Status.OK, found);
    }

    @PUT
    @Path("/{name}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Creates or changes an attribute",
            description =
                    "Type and personal stay what they were, as values of them exist. If-Match, if"
                            + " it is sent, must name the present ETag.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = AttributeView.class)))
    @APIResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = AttributeView.class)))
    public Response put(
            String name,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            AttributeView body) {
        var program = programs.require(current);
        var written =
                service.edit(
                        program,
                        RegistryRecord.Attribute.class,
                        name,
                        current.actor(),
                        before -> {
                            if (before.isEmpty()) {
                                return body.toRecord(program, name, 1);
                            }
                            var old = before.get();
                            var same = body.toRecord(program, name, old.version());
                            if (old.equals(same)) {
                                return old;
                            }
                            if (ifMatch != null) {
                                EntityTags.check(ifMatch, old.version());
                            }
                            if (!old.type().equals(same.type())
                                    || old.personal() != same.personal()) {
                                throw new RequestException(
                                        IngestionError.ATTRIBUTE_CHANGE_INCOMPATIBLE,
                                        "\""
                                                + name
                                                + "\" stays of type "
                                                + old.type()
                                                + (old.personal() ? " and personal" : "")
                                                + ", as values of it exist; define another"
                                                + " attribute.");
                            }
                            return body.toRecord(program, name, old.version() + 1);
                        });
        return answer(
                written.created() ? Response.Status.CREATED : Response.Status.OK, written.entry());
    }

    private static Response answer(Response.Status status, RegistryRecord.Attribute attribute) {
        return Response.status(status)
                .entity(AttributeView.of(attribute))
                .header(HttpHeaders.ETAG, EntityTags.of(attribute.version()))
                .build();
    }
}
