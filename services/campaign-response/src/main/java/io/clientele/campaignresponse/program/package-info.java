/**
 * What programs allow, as the registry says: {@link
 * io.clientele.campaignresponse.program.Programs}.
 */
@NullMarked
package io.clientele.campaignresponse.program;

import org.jspecify.annotations.NullMarked;
