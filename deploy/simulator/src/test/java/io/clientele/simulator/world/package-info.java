@NullMarked
package io.clientele.simulator.world;

import org.jspecify.annotations.NullMarked;
