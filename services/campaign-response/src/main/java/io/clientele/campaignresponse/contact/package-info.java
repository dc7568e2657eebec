/**
 * Decides who is contacted, how and with what, and hands contacts to campaign engines. Entry point:
 * {@link io.clientele.campaignresponse.contact.ContactService}.
 */
@NullMarked
package io.clientele.campaignresponse.contact;

import org.jspecify.annotations.NullMarked;
