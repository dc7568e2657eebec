/**
 * Attributes of members: their definitions ({@link
 * io.clientele.ingestion.attribute.AttributeResource}) and the check of values that events declare
 * ({@link io.clientele.ingestion.attribute.AttributeValues}).
 */
@NullMarked
package io.clientele.ingestion.attribute;

import org.jspecify.annotations.NullMarked;
