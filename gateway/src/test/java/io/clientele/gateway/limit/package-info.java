@NullMarked
package io.clientele.gateway.limit;

import org.jspecify.annotations.NullMarked;
