/** How this platform reads and writes JSON: {@link io.clientele.common.json.Json}. */
@NullMarked
package io.clientele.common.json;

import org.jspecify.annotations.NullMarked;
