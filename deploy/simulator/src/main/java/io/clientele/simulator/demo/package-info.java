/**
 * What {@code ./clientele demo} shows: {@link Demo} runs it from the first attribute to the report.
 */
@NullMarked
package io.clientele.simulator.demo;

import org.jspecify.annotations.NullMarked;
