@NullMarked
package io.clientele.campaignresponse.contact;

import org.jspecify.annotations.NullMarked;
