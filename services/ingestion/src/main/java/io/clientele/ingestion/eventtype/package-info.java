/**
 * Event types: a program's own ({@link io.clientele.ingestion.eventtype.EventTypeResource}) and the
 * compiled check of an event's properties ({@link
 * io.clientele.ingestion.eventtype.PropertyChecks}).
 */
@NullMarked
package io.clientele.ingestion.eventtype;

import org.jspecify.annotations.NullMarked;
