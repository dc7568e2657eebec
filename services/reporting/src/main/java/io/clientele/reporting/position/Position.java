package io.clientele.reporting.position;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition was read.
 *
 * @param next the offset of the next record
 * @param through the instant up to which profile says that nothing is missing before it, or null
 *     where it has not said so yet
 */
public record Position(long next, @Nullable Instant through) {}
