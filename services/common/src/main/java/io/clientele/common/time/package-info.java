/** The one clock of a service. */
@NullMarked
package io.clientele.common.time;

import org.jspecify.annotations.NullMarked;
