package io.clientele.ingestion.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.clientele.common.problem.Problem;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A problem that says how far a request got.
 *
 * @param problem what went wrong
 * @param accepted so many events are in Kafka for good
 * @param rejectedCount so many cannot be taken
 * @param rejected the first 1,000 of those
 * @param nextLine the first line that is not settled, counted from 1: go on there. Absent where
 *     there is nothing to go on with
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A problem that says how far the request got")
record EventsProblem(
        @JsonUnwrapped Problem problem,
        long accepted,
        long rejectedCount,
        List<EventsReply.Rejected> rejected,
        @Schema(description = "Send again from this line on, counted from 1")
                @Nullable Long nextLine) {}
