@NullMarked
package io.clientele.ingestion.importing;

import org.jspecify.annotations.NullMarked;
