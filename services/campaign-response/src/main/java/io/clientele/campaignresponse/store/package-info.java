/** How this service speaks SQL: {@link io.clientele.campaignresponse.store.Database}. */
@NullMarked
package io.clientele.campaignresponse.store;

import org.jspecify.annotations.NullMarked;
