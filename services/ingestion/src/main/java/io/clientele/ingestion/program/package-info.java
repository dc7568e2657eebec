/** A program's settings: {@link io.clientele.ingestion.program.ProgramResource}. */
@NullMarked
package io.clientele.ingestion.program;

import org.jspecify.annotations.NullMarked;
