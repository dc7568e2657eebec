@NullMarked
package io.clientele.gateway.web;

import org.jspecify.annotations.NullMarked;
