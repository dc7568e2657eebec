package io.clientele.profile;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** Errors of this service. */
public enum ProfileError implements ErrorCode {
    /** No such member in the program. */
    MEMBER_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** No such event in the program, or it is not applied yet. */
    EVENT_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** Something about the member that cannot be so; {@code errors} names the places. */
    MEMBER_INVALID(ErrorCategory.UNPROCESSABLE),
    /** An identity that is another member's. */
    IDENTITY_TAKEN(ErrorCategory.CONFLICT),
    /** What is asked for shows personal data, which the role may not see. */
    PERSONAL_DATA_WITHHELD(ErrorCategory.FORBIDDEN),
    /** Kafka, or the store of members, does not answer. */
    PROFILE_UNAVAILABLE(ErrorCategory.OVERLOADED);

    private final ErrorCategory category;

    ProfileError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
