/** Tests of personas. */
@NullMarked
package io.clientele.segmentation.persona;

import org.jspecify.annotations.NullMarked;
