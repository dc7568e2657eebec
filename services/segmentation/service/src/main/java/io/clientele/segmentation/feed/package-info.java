/**
 * Membership changes without Kafka, over HTTP. Entry point: {@link
 * io.clientele.segmentation.feed.MembershipFeed}.
 */
@NullMarked
package io.clientele.segmentation.feed;

import org.jspecify.annotations.NullMarked;
