/** Tests of what the service makes of the registry's programs. */
@NullMarked
package io.clientele.segmentation.program;

import org.jspecify.annotations.NullMarked;
