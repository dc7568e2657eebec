/**
 * The program behind {@code ./clientele}: starts, watches and stops the whole platform on one
 * machine.
 *
 * <p>{@link io.clientele.launcher.Main} is what the script runs; {@link
 * io.clientele.launcher.Platform} is the same ability for Java programs, such as the end-to-end
 * tests and the measurements.
 */
@NullMarked
package io.clientele.launcher;

import org.jspecify.annotations.NullMarked;
