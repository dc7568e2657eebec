/**
 * Feeds: records after a position, over HTTP, as lines or as server-sent events. Entry points:
 * {@link io.clientele.common.feed.FeedRequest} for a resource, {@link
 * io.clientele.common.feed.FeedReader} for what feeds it.
 */
@NullMarked
package io.clientele.common.feed;

import org.jspecify.annotations.NullMarked;
