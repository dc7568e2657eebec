/** Tests of the service as a whole, against real servers. */
@NullMarked
package io.clientele.segmentation;

import org.jspecify.annotations.NullMarked;
