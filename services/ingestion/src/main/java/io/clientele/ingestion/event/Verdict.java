package io.clientele.ingestion.event;

import io.clientele.common.problem.FieldError;
import io.clientele.contracts.ReceivedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link EventValidator} says of an event. */
public sealed interface Verdict {
    /**
     * It can be taken.
     *
     * @param event as it travels on
     */
    record Valid(ReceivedEvent event) implements Verdict {}

    /**
     * It cannot.
     *
     * @param id the event's id, if it has one
     * @param errors why, with pointers from the event on
     */
    record Invalid(@Nullable String id, List<FieldError> errors) implements Verdict {
        /** Takes a copy. */
        public Invalid {
            errors = List.copyOf(errors);
        }
    }
}
