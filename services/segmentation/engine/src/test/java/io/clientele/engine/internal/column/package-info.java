/** Tests of io.clientele.engine.internal.column. */
@NullMarked
package io.clientele.engine.internal.column;

import org.jspecify.annotations.NullMarked;
