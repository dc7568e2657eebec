/**
 * What members did after a contact, or without one in the control arm. Entry point: {@link
 * io.clientele.campaignresponse.response.ResponseService}.
 */
@NullMarked
package io.clientele.campaignresponse.response;

import org.jspecify.annotations.NullMarked;
