@NullMarked
package io.clientele.ingestion.event;

import org.jspecify.annotations.NullMarked;
