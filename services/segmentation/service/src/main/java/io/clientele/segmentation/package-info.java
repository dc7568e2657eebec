/**
 * Segmentation: which members are in which segments, at every instant. Entry points: {@link
 * io.clientele.segmentation.shard.ShardTopology}, which keeps memberships live, and {@link
 * io.clientele.segmentation.segment.SegmentService}, which keeps definitions.
 */
@NullMarked
package io.clientele.segmentation;

import org.jspecify.annotations.NullMarked;
