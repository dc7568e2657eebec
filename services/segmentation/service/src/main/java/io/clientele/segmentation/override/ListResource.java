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
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/lists/{key}}: segments by name. */
@Path("/v1/lists/{key}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
class ListResource {
    private static final String COLUMN = "member";

    private final ListService lists;
    private final CurrentProgram program;

    @Inject
    ListResource(ListService lists, CurrentProgram program) {
        this.lists = lists;
        this.program = program;
    }

    /** A list as JSON. */
    record ListBody(
            @Nullable String name,
            @Nullable String description,
            @Nullable List<@Nullable String> members) {}

    @GET
    @RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
    @Operation(summary = "A list")
    public ListView find(@PathParam("key") String key) {
        return lists.find(program(), SegmentService.key(key));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(
            summary = "Make a list of exactly these members",
            description = "JSON, or text/csv with the header line \"member\"; ?name= names a CSV.")
    public ListView put(@PathParam("key") String key, @Nullable ListBody body) {
        if (body == null || body.members() == null) {
            throw refused("/members", "expected an array of members' ids");
        }
        var members = new TreeMap<Integer, String>();
        for (int i = 0; i < body.members().size(); i++) {
            var member = body.members().get(i);
            if (member == null) {
                throw refused("/members/" + i, "expected a member's id");
            }
            members.put(i, member);
        }
        return lists.put(
                program(),
                SegmentService.writableKey(key),
                new ListService.Upload(body.name(), body.description(), members),
                program.actor());
    }

    @PUT
    @Consumes("text/csv")
    @RolesAllowed({Roles.MARKETER, Roles.ADMIN})
    @Operation(hidden = true)
    public ListView upload(
            @PathParam("key") String key,
            @QueryParam("name") @Nullable String name,
            @Nullable String csv) {
        var members = new TreeMap<Integer, String>();
        var format =
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setTrim(true)
                        .setIgnoreEmptyLines(true)
                        .get();
        try (var rows = format.parse(new StringReader(csv == null ? "" : csv))) {
            if (!rows.getHeaderNames().contains(COLUMN)) {
                throw refused("", "expected a header line with the column \"member\"");
            }
            for (var row : rows) {
                if (!row.isSet(COLUMN)) {
                    throw refused("", "line " + rows.getCurrentLineNumber() + " has no member");
                }
                members.put((int) rows.getCurrentLineNumber(), row.get(COLUMN));
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw refused("", "this is no CSV: " + e.getMessage());
        }
        return lists.put(
                program(),
                SegmentService.writableKey(key),
                new ListService.Upload(name, null, members),
                program.actor());
    }

    private static RequestException refused(String where, String expected) {
        return new RequestException(
                SegmentationError.SEGMENT_INVALID,
                "A list says whom it names.",
                List.of(new FieldError(where, expected)));
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }
}
