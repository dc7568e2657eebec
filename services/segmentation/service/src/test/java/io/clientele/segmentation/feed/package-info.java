/** Tests of the feed. */
@NullMarked
package io.clientele.segmentation.feed;

import org.jspecify.annotations.NullMarked;
