@NullMarked
package io.clientele.ingestion.program;

import org.jspecify.annotations.NullMarked;
