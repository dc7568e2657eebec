@NullMarked
package io.clientele.segmentation.membership;

import org.jspecify.annotations.NullMarked;
