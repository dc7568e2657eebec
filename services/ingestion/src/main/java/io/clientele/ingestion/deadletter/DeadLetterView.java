package io.clientele.ingestion.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be applied.
 *
 * @param id names it here
 * @param at when it was given up
 * @param service who gave it up
 * @param reason a stable code
 * @param detail what was expected, what came
 * @param topic where it stood
 * @param partition where it stood
 * @param offset where it stood
 * @param source the event's source, if it could be told
 * @param eventId the event's id, if it could be told
 * @param value the record as it came
 * @param replays how often it was replayed
 * @param replayedAt when last
 * @param replayedBy by whom last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "DeadLetter", description = "A record that could not be applied")
record DeadLetterView(
        String id,
        Instant at,
        String service,
        @Schema(examples = "id-reused") String reason,
        String detail,
        String topic,
        int partition,
        long offset,
        @Nullable String source,
        @Nullable String eventId,
        @Schema(description = "The record as it came, as text") String value,
        int replays,
        @Nullable Instant replayedAt,
        @Nullable String replayedBy) {}
