/**
 * Keeps what topics tell as facts in PostgreSQL, each once, with the position up to which it was
 * read in the same transaction. Entry points: {@link io.clientele.reporting.fact.FactConsumer}
 * reads, {@link io.clientele.reporting.fact.FactService} writes.
 */
@NullMarked
package io.clientele.reporting.fact;

import org.jspecify.annotations.NullMarked;
