package io.clientele.profile.member;

/**
 * The revision of the member that an edit through the API was made on. Apply refuses the edit if
 * the member has moved on.
 *
 * @param revision the revision, 0 for a member that must not exist yet
 */
record ExpectedRevision(long revision) {}
