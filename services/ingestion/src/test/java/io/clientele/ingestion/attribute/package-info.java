@NullMarked
package io.clientele.ingestion.attribute;

import org.jspecify.annotations.NullMarked;
