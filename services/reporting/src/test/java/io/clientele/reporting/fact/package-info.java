@NullMarked
package io.clientele.reporting.fact;

import org.jspecify.annotations.NullMarked;
