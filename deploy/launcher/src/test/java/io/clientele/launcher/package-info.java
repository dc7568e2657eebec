@NullMarked
package io.clientele.launcher;

import org.jspecify.annotations.NullMarked;
