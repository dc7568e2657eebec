/**
 * What each program's conditions may speak of, as the registry says, and the topics that belong to
 * one program. Entry point: {@link io.clientele.segmentation.program.Programs}.
 */
@NullMarked
package io.clientele.segmentation.program;

import org.jspecify.annotations.NullMarked;
