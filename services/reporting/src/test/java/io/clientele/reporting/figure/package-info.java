@NullMarked
package io.clientele.reporting.figure;

import org.jspecify.annotations.NullMarked;
