package io.clientele.ingestion;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** What ingestion refuses, and why. Names are API. */
public enum IngestionError implements ErrorCode {
    /** The token's program does not exist here. */
    PROGRAM_UNKNOWN(ErrorCategory.FORBIDDEN),
    /** The program's settings are not valid. */
    PROGRAM_INVALID(ErrorCategory.UNPROCESSABLE),
    /** No such attribute. */
    ATTRIBUTE_UNKNOWN(ErrorCategory.NOT_FOUND),
    /** An attribute's definition is not valid. */
    ATTRIBUTE_INVALID(ErrorCategory.UNPROCESSABLE),
    /** A change that stored values would contradict. */
    ATTRIBUTE_CHANGE_INCOMPATIBLE(ErrorCategory.CONFLICT),
    /** No such event type. */
    EVENT_TYPE_UNKNOWN(ErrorCategory.NOT_FOUND),
    /** An event type's definition is not valid. */
    EVENT_TYPE_INVALID(ErrorCategory.UNPROCESSABLE),
    /** A change under which stored events would not be valid. */
    EVENT_TYPE_CHANGE_INCOMPATIBLE(ErrorCategory.CONFLICT),
    /** A built-in type cannot be changed. */
    EVENT_TYPE_BUILT_IN(ErrorCategory.CONFLICT),
    /** None of the events sent was accepted. */
    NO_EVENT_ACCEPTED(ErrorCategory.UNPROCESSABLE),
    /** A stream of events broke off; what was accepted stays so. */
    STREAM_BROKEN(ErrorCategory.INVALID),
    /** Kafka did not acknowledge in time. */
    EVENTS_NOT_TAKEN(ErrorCategory.OVERLOADED),
    /** No such dead letter. */
    DEAD_LETTER_UNKNOWN(ErrorCategory.NOT_FOUND),
    /** What is to be replayed is no valid event. */
    REPLAY_INVALID(ErrorCategory.UNPROCESSABLE),
    /** No such import. */
    IMPORT_UNKNOWN(ErrorCategory.NOT_FOUND),
    /** An import's mapping is not valid. */
    MAPPING_INVALID(ErrorCategory.UNPROCESSABLE),
    /** Not possible in the import's present state. */
    IMPORT_STATE(ErrorCategory.CONFLICT),
    /** A part of an import's content that does not continue what is there. */
    IMPORT_OFFSET(ErrorCategory.CONFLICT),
    /** Another request was sent under the same {@code Idempotency-Key}. */
    IDEMPOTENCY_KEY_REUSED(ErrorCategory.CONFLICT);

    private final ErrorCategory category;

    IngestionError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
