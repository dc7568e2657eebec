package io.clientele.ingestion.importing;

import io.clientele.contracts.ProgramId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An import as it is stored.
 *
 * @param program whose
 * @param id which
 * @param source of its events
 * @param mapping JSON, or null if its lines are events
 * @param shiftToNow true: times are moved so that the last event is at the start of the job
 * @param state where it stands; never {@link ImportState#APPLYING}, which is told by the outcome
 * @param failure why it failed
 * @param createdAt when it was made
 * @param startedAt when it began to be sent
 * @param finishedAt when it ended
 * @param received bytes of content here
 * @param complete true: that is all of it
 * @param shiftMillis by how much times are moved, once known
 * @param totalRows of the file, once known
 * @param attempts how often it was begun; more than once, and events may have been sent twice
 * @param progress what is done
 * @param outcome what profile said at the end, once known
 */
record ImportJob(
        ProgramId program,
        String id,
        String source,
        @Nullable String mapping,
        boolean shiftToNow,
        ImportState state,
        @Nullable String failure,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        long received,
        boolean complete,
        @Nullable Long shiftMillis,
        @Nullable Long totalRows,
        int attempts,
        Progress progress,
        @Nullable Outcome outcome) {
    /**
     * What is done and acknowledged by Kafka.
     *
     * @param units steps
     * @param rows of the file
     * @param rowsRejected those of them that made no event
     * @param rejected events, or would-be events, that could not be sent
     * @param events sent
     * @param declarations sent beside them: attributes of members
     * @param eventsByType sent, by type
     * @param errors lines of the error file
     */
    record Progress(
            long units,
            long rows,
            long rowsRejected,
            long rejected,
            long events,
            long declarations,
            Map<String, Long> eventsByType,
            long errors) {
        /** Takes a copy. */
        Progress {
            eventsByType = Map.copyOf(eventsByType);
        }
    }

    /**
     * What became of the events, as profile counts them.
     *
     * @param accepted took effect
     * @param duplicate had been there before
     * @param refused went to the dead letters
     */
    record Outcome(long accepted, long duplicate, long refused) {
        long total() {
            return accepted + duplicate + refused;
        }
    }
}
