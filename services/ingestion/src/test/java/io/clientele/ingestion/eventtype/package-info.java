@NullMarked
package io.clientele.ingestion.eventtype;

import org.jspecify.annotations.NullMarked;
