/**
 * A loyalty program that never existed: its people with everything that is true of them, and a year
 * of what they did. Everything follows from a seed; {@link World} is the way in.
 */
@NullMarked
package io.clientele.simulator.world;

import org.jspecify.annotations.NullMarked;
