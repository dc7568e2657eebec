@NullMarked
package io.clientele.simulator;

import org.jspecify.annotations.NullMarked;
