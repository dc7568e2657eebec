@NullMarked
package io.clientele.campaignresponse.campaign;

import org.jspecify.annotations.NullMarked;
