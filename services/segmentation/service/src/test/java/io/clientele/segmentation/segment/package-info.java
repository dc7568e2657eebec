/** Tests of definitions. */
@NullMarked
package io.clientele.segmentation.segment;

import org.jspecify.annotations.NullMarked;
