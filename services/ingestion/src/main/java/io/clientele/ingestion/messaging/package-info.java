/**
 * The service's one Kafka producer, {@link io.clientele.ingestion.messaging.KafkaWriter}, and the
 * health of its connection.
 */
@NullMarked
package io.clientele.ingestion.messaging;

import org.jspecify.annotations.NullMarked;
