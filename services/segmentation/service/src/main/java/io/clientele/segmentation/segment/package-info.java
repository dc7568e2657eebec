/**
 * Segments and the versions of their conditions: kept in PostgreSQL, announced to the shards
 * through an outbox. Entry point: {@link io.clientele.segmentation.segment.SegmentService}.
 */
@NullMarked
package io.clientele.segmentation.segment;

import org.jspecify.annotations.NullMarked;
