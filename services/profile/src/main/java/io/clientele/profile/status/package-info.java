/** Health and figures of this service for operators and for the gateway. */
@NullMarked
package io.clientele.profile.status;

import org.jspecify.annotations.NullMarked;
