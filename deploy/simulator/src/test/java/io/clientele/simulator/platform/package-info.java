@NullMarked
package io.clientele.simulator.platform;

import org.jspecify.annotations.NullMarked;
