@NullMarked
package io.clientele.reporting.live;

import org.jspecify.annotations.NullMarked;
