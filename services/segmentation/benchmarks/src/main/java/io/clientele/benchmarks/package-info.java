/**
 * Measures the segmentation engine against DuckDB and against the figures it is to reach.
 *
 * <p>Entry point: {@link io.clientele.benchmarks.EngineBench}, the program behind {@code
 * ./clientele bench engine}. {@code World} makes the data, {@code DuckDb} is the baseline, {@code
 * EngineSide} is the one class that knows how the engine is called. Not shipped.
 */
@NullMarked
package io.clientele.benchmarks;

import org.jspecify.annotations.NullMarked;
