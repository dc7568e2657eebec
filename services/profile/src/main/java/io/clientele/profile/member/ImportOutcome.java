package io.clientele.profile.member;

/**
 * What became of the events of an import so far; together as many as were read.
 *
 * @param importId which import
 * @param accepted took effect
 * @param duplicate had been there before
 * @param refused went to the dead letters
 */
public record ImportOutcome(String importId, long accepted, long duplicate, long refused) {}
