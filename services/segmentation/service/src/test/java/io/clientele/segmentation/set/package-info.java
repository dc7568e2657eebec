@NullMarked
package io.clientele.segmentation.set;

import org.jspecify.annotations.NullMarked;
