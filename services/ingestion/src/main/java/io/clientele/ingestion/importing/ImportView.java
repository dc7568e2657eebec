package io.clientele.ingestion.importing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An import as the API has it.
 *
 * @param id names it
 * @param source of its events
 * @param state where it stands
 * @param failure why it failed
 * @param createdAt when it was made
 * @param startedAt when it began to be sent
 * @param finishedAt when all was sent, or it was ended
 * @param content what is here of the file
 * @param progress of sending, 0 to 1
 * @param shiftedBy by how much times were moved
 * @param counts what became of what
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Import", description = "An import of history")
record ImportView(
        String id,
        String source,
        ImportState state,
        @Nullable String failure,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Content content,
        @Schema(description = "Part of the file that has been sent, 0 to 1") double progress,
        @Nullable Duration shiftedBy,
        Counts counts) {
    /**
     * What is here of the file.
     *
     * @param received bytes; a part that continues begins here
     * @param complete true: that is all of it
     */
    @Schema(name = "ImportContent")
    record Content(
            @Schema(description = "Bytes received: where a part that continues begins")
                    long received,
            boolean complete) {}

    /**
     * What became of what. {@code accepted}, {@code duplicate} and {@code rejected} count events;
     * they are absent while they cannot be told.
     *
     * @param totalRows of the file, once known
     * @param rows done
     * @param rowsRejected those of them that made no event: the lines of the error file
     * @param events sent
     * @param eventsByType the same by type
     * @param declarations sent beside them: profile.updated with attributes of members
     * @param accepted of the events sent: took effect
     * @param duplicate had been there before
     * @param rejected events that could not be made or sent, or were refused afterwards
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ImportCounts")
    record Counts(
            @Nullable Long totalRows,
            long rows,
            long rowsRejected,
            long events,
            Map<String, Long> eventsByType,
            long declarations,
            @Schema(description = "Events that took effect") @Nullable Long accepted,
            @Schema(description = "Events that had been there before") @Nullable Long duplicate,
            @Schema(description = "Events that could not be taken") long rejected) {
        /** Takes a copy. */
        Counts {
            eventsByType = Map.copyOf(eventsByType);
        }
    }

    static ImportView of(ImportJob job, ImportState state, ImportJob.@Nullable Outcome outcome) {
        var progress = job.progress();
        var total = job.totalRows();
        return new ImportView(
                job.id(),
                job.source(),
                state,
                job.failure(),
                job.createdAt(),
                job.startedAt(),
                job.finishedAt(),
                new Content(job.received(), job.complete()),
                total == null || total == 0
                        ? (job.state() == ImportState.COMPLETED ? 1 : 0)
                        : Math.floor(1000.0 * progress.rows() / total) / 1000,
                job.shiftMillis() == null || job.shiftMillis() == 0
                        ? null
                        : Duration.ofMillis(job.shiftMillis()),
                new Counts(
                        total,
                        progress.rows(),
                        progress.rowsRejected(),
                        progress.events(),
                        progress.eventsByType(),
                        progress.declarations(),
                        outcome == null ? null : outcome.accepted(),
                        outcome == null ? null : outcome.duplicate(),
                        progress.rejected() + (outcome == null ? 0 : outcome.refused())));
    }
}
