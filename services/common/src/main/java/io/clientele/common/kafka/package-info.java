/**
 * Kafka the same way everywhere: {@link io.clientele.common.kafka.TransactionalLoop} for
 * consume-transform-produce with exactly-once effect, {@link
 * io.clientele.common.kafka.CompactedTopicReader} for the latest of each key, {@link
 * io.clientele.common.kafka.KafkaSettings} for where and as whom.
 */
@NullMarked
package io.clientele.common.kafka;

import org.jspecify.annotations.NullMarked;
