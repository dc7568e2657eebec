@NullMarked
package io.clientele.reporting;

import org.jspecify.annotations.NullMarked;
