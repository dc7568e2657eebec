/**
 * What other services say of programs: calendar and currency, and the segments defined. Entry
 * points: {@link io.clientele.reporting.program.Programs}, {@link
 * io.clientele.reporting.program.DefinedSegments}.
 */
@NullMarked
package io.clientele.reporting.program;

import org.jspecify.annotations.NullMarked;
