/**
 * What the members of a segment are like, compared with everybody else. Entry point: {@link
 * io.clientele.segmentation.persona.PersonaService}.
 */
@NullMarked
package io.clientele.segmentation.persona;

import org.jspecify.annotations.NullMarked;
