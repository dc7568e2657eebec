/** Figures of this service for operators and for the gateway; {@link StatusResource} shows them. */
@NullMarked
package io.clientele.ingestion.status;

import org.jspecify.annotations.NullMarked;
