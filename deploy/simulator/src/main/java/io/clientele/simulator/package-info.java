/**
 * A loyalty program that never existed, for demonstrations and tests: {@link
 * io.clientele.simulator.Main} generates it, posts it, plays its campaign engine, and shows the
 * platform with it.
 */
@NullMarked
package io.clientele.simulator;

import org.jspecify.annotations.NullMarked;
