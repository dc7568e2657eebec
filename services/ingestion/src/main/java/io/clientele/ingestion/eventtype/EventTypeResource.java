package io.clientele.ingestion.eventtype;

import io.clientele.common.http.EntityTags;
import io.clientele.common.json.Json;
import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.EventTypes;
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

/** {@code /v1/event-types}. */
@Path("/v1/event-types")
@Tag(name = "Program")
@RunOnVirtualThread
public class EventTypeResource {
    private final Programs programs;
    private final CurrentProgram current;
    private final Registry registry;
    private final RegistryService service;
    private final Clock clock;

    @Inject
    EventTypeResource(
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
    @Operation(summary = "All event types, built-in and own, by name")
    public Page<EventTypeView> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var page = PageRequest.of(limit, cursor);
        var after = page.position().orElse("");
        List<EventTypeView> found =
                registry.eventTypes(programs.require(current)).stream()
                        .filter(it -> it.type().compareTo(after) > 0)
                        .limit(page.limit() + 1L)
                        .map(EventTypeView::of)
                        .toList();
        boolean more = found.size() > page.limit();
        var items = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                items,
                more ? PageRequest.cursorAfter(String.valueOf(items.getLast().type())) : null,
                clock.instant());
    }

    @GET
    @Path("/{type}")
    @RolesAllowed({
        Roles.INGEST,
        Roles.ENGINE,
        Roles.AGENT,
        Roles.MARKETER,
        Roles.ANALYST,
        Roles.PRIVACY,
        Roles.ADMIN
    })
    @Operation(summary = "One event type")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = EventTypeView.class)))
    public Response read(String type) {
        var program = programs.require(current);
        var found =
                registry.eventType(program, type)
                        .orElseThrow(() ->
                                new RequestException(
                                        IngestionError.EVENT_TYPE_UNKNOWN,
                                        "There is no event type \""
                                                + type
                                                + "\"."
                                                + Suggestions.nearest(
                                                        type,
                                                        registry.eventTypes(program).stream()
                                                                .map(it -> it.type())
                                                                .toList())));
        return answer(Response.Status.OK, found);
    }

    @PUT
    @Path("/{type}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            summary = "Creates or changes an event type of the program's own",
            description =
                    "Every event valid before a change has to be valid after it. Built-in types"
                            + " cannot be changed. If-Match, if it is sent, must name the present"
                            + " ETag.")
    @APIResponse(
            responseCode = "200",
            content = @Content(schema = @Schema(implementation = EventTypeView.class)))
    @APIResponse(
            responseCode = "201",
            content = @Content(schema = @Schema(implementation = EventTypeView.class)))
    public Response put(
            String type,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            EventTypeView body) {
        var program = programs.require(current);
        if (EventTypes.BUILT_IN.contains(type)) {
            throw new RequestException(
                    IngestionError.EVENT_TYPE_BUILT_IN,
                    "\""
                            + type
                            + "\" is built in. Events may carry further properties as they are;"
                            + " for conditions on them define a type of your own.");
        }
        var written =
                service.edit(
                        program,
                        RegistryRecord.EventType.class,
                        type,
                        current.actor(),
                        before -> {
                            if (before.isEmpty()) {
                                return body.toRecord(program, type, 1);
                            }
                            var old = before.get();
                            var wanted = body.toRecord(program, type, old.version() + 1);
                            if (Json.mapper()
                                    .valueToTree(old.schema())
                                    .equals(Json.mapper().valueToTree(wanted.schema()))) {
                                return old;
                            }
                            if (ifMatch != null) {
                                EntityTags.check(ifMatch, old.version());
                            }
                            var errors =
                                    SchemaCompatibility.check(
                                            Json.mapper().valueToTree(old.schema()),
                                            Json.mapper().valueToTree(wanted.schema()));
                            if (!errors.isEmpty()) {
                                throw new RequestException(
                                        IngestionError.EVENT_TYPE_CHANGE_INCOMPATIBLE,
                                        "Events and conditions that were valid would not be. Add"
                                                + " optional properties, or define another type.",
                                        errors);
                            }
                            return wanted;
                        });
        return answer(
                written.created() ? Response.Status.CREATED : Response.Status.OK, written.entry());
    }

    private static Response answer(Response.Status status, RegistryRecord.EventType type) {
        return Response.status(status)
                .entity(EventTypeView.of(type))
                .header(HttpHeaders.ETAG, EntityTags.of(type.version()))
                .build();
    }
}
