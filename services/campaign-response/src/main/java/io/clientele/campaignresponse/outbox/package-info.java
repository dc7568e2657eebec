/**
 * What this service tells others: written with what it is about, published afterwards in its order,
 * once. Entry points: {@link io.clientele.campaignresponse.outbox.OutboxRepository}, {@link
 * io.clientele.campaignresponse.outbox.OutboxPublisher}.
 */
@NullMarked
package io.clientele.campaignresponse.outbox;

import org.jspecify.annotations.NullMarked;
