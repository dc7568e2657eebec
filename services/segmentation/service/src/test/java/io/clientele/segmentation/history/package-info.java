@NullMarked
package io.clientele.segmentation.history;

import org.jspecify.annotations.NullMarked;
