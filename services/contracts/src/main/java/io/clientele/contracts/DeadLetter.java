package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record that can never be read or applied, on {@link Topics#DEAD_LETTERS}. The Kafka record's
 * value is this; the offending value is inside, so that it can be fixed and replayed. Internal: may
 * hold personal data.
 *
 * @param program whose, if it could be told
 * @param service who gave up
 * @param reason a stable code, such as {@code id-reused}
 * @param detail what was expected, what came
 * @param topic where it stood
 * @param partition where it stood
 * @param offset where it stood
 * @param at when
 * @param source the event's source, if it could be told
 * @param id the event's id, if it could be told
 * @param value the record's value, as UTF-8 text
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        @Nullable ProgramId program,
        String service,
        String reason,
        String detail,
        String topic,
        int partition,
        long offset,
        Instant at,
        @Nullable String source,
        @Nullable String id,
        String value) {}
