/** Tests of the whole platform, against real processes and through the gateway. */
@NullMarked
package io.clientele.e2e;

import org.jspecify.annotations.NullMarked;
