@NullMarked
package io.clientele.ingestion;

import org.jspecify.annotations.NullMarked;
