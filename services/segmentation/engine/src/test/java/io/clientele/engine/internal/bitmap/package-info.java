/** Tests of io.clientele.engine.internal.bitmap. */
@NullMarked
package io.clientele.engine.internal.bitmap;

import org.jspecify.annotations.NullMarked;
