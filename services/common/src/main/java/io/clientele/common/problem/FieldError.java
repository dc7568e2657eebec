package io.clientele.common.problem;

/**
 * One thing wrong in an input.
 *
 * @param pointer JSON Pointer (RFC 6901) to the place; empty for the whole
 * @param detail what was expected and what came
 */
public record FieldError(String pointer, String detail) {}
