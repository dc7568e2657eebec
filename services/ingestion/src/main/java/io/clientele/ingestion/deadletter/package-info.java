/**
 * What could never be read or applied, listed and replayed: {@link
 * io.clientele.ingestion.deadletter.DeadLetterConsumer} keeps what the topic {@code dead-letters}
 * brings, {@link io.clientele.ingestion.deadletter.DeadLetterResource} shows it.
 */
@NullMarked
package io.clientele.ingestion.deadletter;

import org.jspecify.annotations.NullMarked;
