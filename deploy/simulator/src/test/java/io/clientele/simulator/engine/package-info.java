@NullMarked
package io.clientele.simulator.engine;

import org.jspecify.annotations.NullMarked;
