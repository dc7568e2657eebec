/**
 * Loops over columns that answer for a whole block at once. They know codes, numbers and instants,
 * not conditions. Nothing here is for use outside the engine.
 */
@NullMarked
package io.clientele.engine.internal.exec;

import org.jspecify.annotations.NullMarked;
