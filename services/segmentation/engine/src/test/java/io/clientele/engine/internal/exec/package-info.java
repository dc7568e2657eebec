/** Tests of io.clientele.engine.internal.exec. */
@NullMarked
package io.clientele.engine.internal.exec;

import org.jspecify.annotations.NullMarked;
