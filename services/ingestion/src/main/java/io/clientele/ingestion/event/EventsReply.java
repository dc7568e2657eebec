package io.clientele.ingestion.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.clientele.common.problem.FieldError;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of one request.
 *
 * @param accepted so many are in Kafka for good
 * @param rejectedCount so many cannot be taken
 * @param rejected the first 1,000 of those
 */
@Schema(description = "What became of the events of one request")
record EventsReply(long accepted, long rejectedCount, List<Rejected> rejected) {
    /** Takes a copy. */
    EventsReply {
        rejected = List.copyOf(rejected);
    }

    /**
     * An event that cannot be taken.
     *
     * @param index its place in the array, or its line, counted from 0
     * @param id its id, if it has one
     * @param errors why
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "RejectedEvent")
    record Rejected(
            @Schema(description = "Place in the array, or line, counted from 0") long index,
            @Nullable String id,
            List<FieldError> errors) {}
}
