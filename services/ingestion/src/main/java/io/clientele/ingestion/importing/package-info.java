/**
 * History from files: a mapping turns rows into events, a job sends them and can be paused, killed
 * and run again without doubling anything. Entry points: {@link
 * io.clientele.ingestion.importing.ImportResource}, {@link
 * io.clientele.ingestion.importing.ImportRunner}.
 */
@NullMarked
package io.clientele.ingestion.importing;

import org.jspecify.annotations.NullMarked;
