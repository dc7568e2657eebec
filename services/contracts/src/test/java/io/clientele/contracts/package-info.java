@NullMarked
package io.clientele.contracts;

import org.jspecify.annotations.NullMarked;
