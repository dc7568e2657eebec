package io.clientele.reporting.figure;

import io.clientele.common.tenancy.CurrentProgram;
import io.clientele.common.tenancy.Roles;
import io.clientele.contracts.ProgramId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/reports}. */
@Path("/v1/reports")
@Produces({MediaType.APPLICATION_JSON, ReportResource.CSV})
@RolesAllowed({Roles.MARKETER, Roles.ANALYST, Roles.ADMIN})
@RunOnVirtualThread
class ReportResource {
    static final String CSV = "text/csv";

    private final ReportService reports;
    private final CurrentProgram program;

    @Inject
    ReportResource(ReportService reports, CurrentProgram program) {
        this.reports = reports;
        this.program = program;
    }

    @GET
    @Path("/segments")
    @Operation(
            summary = "Every segment's figures in a period",
            description =
                    "from and to are days in the program's time zone, both included; by default the"
                            + " last 30 days. JSON, or text/csv by Accept.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SegmentsReport.class)))
    public Response segments(
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @HeaderParam("Accept") @Nullable String accept) {
        return answer(reports.segments(program(), from, to), accept);
    }

    @GET
    @Path("/segments/{key}")
    @Operation(
            summary = "A segment's figures over time",
            description =
                    "One item for each interval (day, for at most 366 days; week or month), and the"
                            + " whole period as total. JSON, or text/csv by Accept, without the"
                            + " total.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = SegmentReport.class)))
    public Response segment(
            @PathParam("key") String key,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("interval") @Nullable String interval,
            @HeaderParam("Accept") @Nullable String accept) {
        return answer(reports.segment(program(), key, from, to, interval), accept);
    }

    @GET
    @Path("/campaigns/{key}")
    @Operation(
            summary = "A campaign's funnel per segment and channel",
            description = "JSON, or text/csv by Accept, without the total.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CampaignReport.class)))
    public Response campaign(
            @PathParam("key") String key, @HeaderParam("Accept") @Nullable String accept) {
        return answer(reports.campaign(program(), key), accept);
    }

    private ProgramId program() {
        return new ProgramId(program.id());
    }

    private static Response answer(Object report, @Nullable String accept) {
        boolean isCsv = accept != null && accept.contains(CSV);
        return isCsv
                ? Response.ok(ReportCsv.of(report), CSV + ";charset=UTF-8").build()
                : Response.ok(report, MediaType.APPLICATION_JSON).build();
    }
}
