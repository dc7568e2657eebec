/** How large segments were, and how they grew and shrank, from the recorded stays. */
@NullMarked
package io.clientele.segmentation.history;

import org.jspecify.annotations.NullMarked;
