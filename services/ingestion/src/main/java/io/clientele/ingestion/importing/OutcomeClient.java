package io.clientele.ingestion.importing;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** Asks profile what became of an import's events; with the caller's own token. */
@RegisterRestClient(configKey = "profile")
@Path("/v1/import-outcomes")
interface OutcomeClient {
    /** Counts of the events that came with {@code importId}, so far. */
    @GET
    @Path("/{importId}")
    ImportJob.Outcome outcome(
            @HeaderParam("Authorization") String authorization,
            @PathParam("importId") String importId);
}
