/**
 * How far topics were read, kept in PostgreSQL with what came of it. Entry point: {@link
 * io.clientele.reporting.position.PositionRepository}.
 */
@NullMarked
package io.clientele.reporting.position;

import org.jspecify.annotations.NullMarked;
