/**
 * Reads profiles, memberships and events in one transaction with what follows from them. Entry
 * point: {@link io.clientele.campaignresponse.stream.StreamConsumer}.
 */
@NullMarked
package io.clientele.campaignresponse.stream;

import org.jspecify.annotations.NullMarked;
