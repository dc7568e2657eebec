package io.clientele.campaignresponse;

import io.clientele.common.problem.ErrorCategory;
import io.clientele.common.problem.ErrorCode;

/** Errors of this service. */
public enum CampaignError implements ErrorCode {
    /** A campaign's body does not fit; {@code errors} names the places. */
    CAMPAIGN_INVALID(ErrorCategory.UNPROCESSABLE),
    /** No such campaign, or another program's. */
    CAMPAIGN_NOT_FOUND(ErrorCategory.NOT_FOUND),
    /** What is asked for does not go with the campaign's status. */
    CAMPAIGN_STATUS(ErrorCategory.CONFLICT),
    /** Control or goal of a campaign that has started cannot change. */
    CAMPAIGN_FIXED(ErrorCategory.CONFLICT),
    /** A position that no feed gave. */
    POSITION_INVALID(ErrorCategory.INVALID),
    /** A list of contacts that is none, or too long. */
    CONTACTS_INVALID(ErrorCategory.UNPROCESSABLE),
    /** The program's settings have not reached this service yet. */
    PROGRAM_NOT_READY(ErrorCategory.OVERLOADED),
    /** Profile, which has the addresses, does not answer. */
    ADDRESSES_NOT_AVAILABLE(ErrorCategory.OVERLOADED);

    private final ErrorCategory category;

    CampaignError(ErrorCategory category) {
        this.category = category;
    }

    @Override
    public ErrorCategory category() {
        return category;
    }
}
