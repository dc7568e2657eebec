package io.clientele.segmentation.preview;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which segments to lay over each other.
 *
 * @param segments keys, 2 to 50, each once
 */
record OverlapRequest(@Nullable List<@Nullable String> segments) {}
