/** Tests of the templates. */
@NullMarked
package io.clientele.segmentation.template;

import org.jspecify.annotations.NullMarked;
