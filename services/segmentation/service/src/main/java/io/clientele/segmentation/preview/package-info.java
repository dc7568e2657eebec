/**
 * Counts for a condition that need not be saved. Entry point: {@link
 * io.clientele.segmentation.preview.PreviewService}.
 */
@NullMarked
package io.clientele.segmentation.preview;

import org.jspecify.annotations.NullMarked;
