@NullMarked
package io.clientele.benchmarks;

import org.jspecify.annotations.NullMarked;
