/**
 * Live memberships: one Kafka Streams task for each partition holds the histories of its members,
 * tells time and publishes every change once. Entry points: {@link
 * io.clientele.segmentation.shard.ShardTopology} and, for readers, {@link
 * io.clientele.segmentation.shard.Shards}.
 */
@NullMarked
package io.clientele.segmentation.shard;

import org.jspecify.annotations.NullMarked;
