/** Tests of the embedded servers. */
@NullMarked
package io.clientele.embedded;

import org.jspecify.annotations.NullMarked;
