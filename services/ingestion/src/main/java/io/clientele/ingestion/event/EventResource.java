package io.clientele.ingestion.event;

import io.clientele.common.http.RequestIds;
import io.clientele.common.problem.CommonError;
import io.clientele.common.problem.ErrorCode;
import io.clientele.common.problem.Problem;
import io.clientele.common.problem.RequestException;
import io.clientele.common.problem.TransientException;
import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.clientele.ingestion.IngestionError;
import io.clientele.ingestion.Programs;
import io.clientele.ingestion.messaging.KafkaWriter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/events}. */
@Path("/v1/events")
@Tag(name = "Events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EventResource {
    private static final String NDJSON = "application/x-ndjson";
    private static final String EXAMPLE =
            """
            {"id":"000123","type":"purchase","source":"pos-7","member":"m-1001",
             "occurredAt":"2026-11-01T17:15:00+07:00",
             "properties":{"orderId":"o-1","amount":84.00,"currency":"USD","channel":"store",
              "items":[{"sku":"RUN-1","category":"shoes","quantity":1,"amount":84.00}]}}
            """;

    private final Programs programs;
    private final CurrentProgram current;
    private final EventService service;
    private final RoutingContext routing;

    @Inject
    EventResource(
            Programs programs,
            CurrentProgram current,
            EventService service,
            RoutingContext routing) {
        this.programs = programs;
        this.current = current;
        this.service = service;
        this.routing = routing;
    }

    @POST
    @RolesAllowed({Roles.INGEST, Roles.ENGINE, Roles.ADMIN})
    @Consumes({MediaType.APPLICATION_JSON, NDJSON})
    @Operation(
            summary = "Takes events in",
            description =
                    """
                    One event, an array, or application/x-ndjson: one event a line, streamed, of any \
                    length, at most 256 KiB a line. Other bodies have at most 5 MiB after \
                    decompression. Content-Encoding gzip is read. 202 says that every accepted event \
                    is stored for good; each event is taken whole or not at all, and one that is not \
                    valid does not fail its neighbors. An event is identified by source and id: \
                    sending it again has no effect.\
                    """)
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON,
                        schema = @Schema(type = SchemaType.OBJECT),
                        examples = @ExampleObject(name = "purchase", value = EXAMPLE)),
                @Content(mediaType = NDJSON, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(
            responseCode = "202",
            description = "At least one event was accepted",
            content = @Content(schema = @Schema(implementation = EventsReply.class)))
    @APIResponse(
            responseCode = "400",
            description = "The body is no JSON, or the stream broke off",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = EventsProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "No event was accepted",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = EventsProblem.class)))
    @APIResponse(
            responseCode = "503",
            description = "Events could not be stored now; send again after Retry-After seconds",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(implementation = EventsProblem.class)))
    public Response take(
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body)
            throws IOException {
        var program = programs.require(current);
        boolean stream =
                contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(NDJSON);
        return stream
                ? takeStream(program, encoding, body)
                : answer(service.takeBody(program, decoded(encoding, body)));
    }

    private Response takeStream(ProgramId program, @Nullable String encoding, InputStream body)
            throws IOException {
        var result = service.takeStream(program, decoded(encoding, body));
        return switch (result.failure()) {
            case null -> answer(result.reply());
            case TransientException e ->
                    problem(e.code(), e.detail(), result.reply(), result.nextLine())
                            .header(HttpHeaders.RETRY_AFTER, KafkaWriter.LONGEST.toSeconds())
                            .build();
            case RequestException e ->
                    problem(e.code(), e.detail(), result.reply(), result.nextLine()).build();
            case RuntimeException e -> throw e;
        };
    }

    private Response answer(EventsReply reply) {
        if (reply.accepted() > 0) {
            return Response.accepted(reply).build();
        }
        return problem(
                        IngestionError.NO_EVENT_ACCEPTED,
                        reply.rejectedCount() == 0
                                ? "The body has no event."
                                : "No event was accepted; \"rejected\" says why.",
                        reply,
                        null)
                .build();
    }

    private Response.ResponseBuilder problem(
            ErrorCode code, String detail, EventsReply reply, @Nullable Long nextLine) {
        return Response.status(code.category().status())
                .type(Problem.MEDIA_TYPE)
                .entity(
                        new EventsProblem(
                                Problem.of(code, detail, RequestIds.of(routing), List.of()),
                                reply.accepted(),
                                reply.rejectedCount(),
                                reply.rejected(),
                                nextLine));
    }

    private static InputStream decoded(@Nullable String encoding, InputStream body)
            throws IOException {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (encoding.equalsIgnoreCase("gzip")) {
            try {
                return new GZIPInputStream(body, 16_384);
            } catch (ZipException | EOFException e) {
                throw new RequestException(
                        CommonError.REQUEST_INVALID,
                        "Content-Encoding is gzip, but the body is not gzipped.");
            }
        }
        throw new RequestException(
                CommonError.MEDIA_TYPE_UNSUPPORTED,
                "Content-Encoding is gzip or absent, was \"" + encoding + "\".");
    }
}
