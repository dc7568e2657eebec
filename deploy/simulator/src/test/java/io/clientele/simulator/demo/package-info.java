@NullMarked
package io.clientele.simulator.demo;

import org.jspecify.annotations.NullMarked;
