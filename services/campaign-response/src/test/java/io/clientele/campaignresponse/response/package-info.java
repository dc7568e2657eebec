@NullMarked
package io.clientele.campaignresponse.response;

import org.jspecify.annotations.NullMarked;
