/**
 * Events in: {@link io.clientele.ingestion.event.EventResource} reads bodies and streams, {@link
 * io.clientele.ingestion.event.EventValidator} judges each event, {@link
 * io.clientele.ingestion.event.EventPublisher} hands it to Kafka. Imports and replays use the
 * latter two.
 */
@NullMarked
package io.clientele.ingestion.event;

import org.jspecify.annotations.NullMarked;
