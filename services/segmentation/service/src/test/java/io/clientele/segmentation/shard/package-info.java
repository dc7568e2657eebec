/** Tests of live memberships: the topology in Kafka's test driver, with a clock that tests move. */
@NullMarked
package io.clientele.segmentation.shard;

import org.jspecify.annotations.NullMarked;
