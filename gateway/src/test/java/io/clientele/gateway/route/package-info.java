@NullMarked
package io.clientele.gateway.route;

import org.jspecify.annotations.NullMarked;
