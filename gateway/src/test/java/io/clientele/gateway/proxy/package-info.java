@NullMarked
package io.clientele.gateway.proxy;

import org.jspecify.annotations.NullMarked;
