@NullMarked
package io.clientele.campaignresponse;

import org.jspecify.annotations.NullMarked;
