/**
 * Sets of a block's members as bits, and which members hold a value. Nothing here is for use
 * outside the engine.
 */
@NullMarked
package io.clientele.engine.internal.bitmap;

import org.jspecify.annotations.NullMarked;
