@NullMarked
package io.clientele.campaignresponse.result;

import org.jspecify.annotations.NullMarked;
