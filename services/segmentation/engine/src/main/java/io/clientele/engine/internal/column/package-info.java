/**
 * Growable columns of packed integers, and events in time order over them. Knows nothing of
 * conditions; nothing here is for use outside the engine.
 */
@NullMarked
package io.clientele.engine.internal.column;

import org.jspecify.annotations.NullMarked;
