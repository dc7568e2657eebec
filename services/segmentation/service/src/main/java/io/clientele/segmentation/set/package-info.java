/** Segment sets: ordered classes, of which every member is in exactly one. */
@NullMarked
package io.clientele.segmentation.set;

import org.jspecify.annotations.NullMarked;
