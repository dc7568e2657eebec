/** Memberships made again from the stored events, beside what the shards say. */
@NullMarked
package io.clientele.segmentation.verification;

import org.jspecify.annotations.NullMarked;
