@NullMarked
package io.clientele.ingestion.deadletter;

import org.jspecify.annotations.NullMarked;
