@NullMarked
package io.clientele.ingestion.registry;

import org.jspecify.annotations.NullMarked;
