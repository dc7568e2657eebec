/**
 * What happens now, for pages that watch: counts kept in memory beside the facts, sent as
 * server-sent events. Entry points: {@link io.clientele.reporting.live.LiveService}, {@link
 * io.clientele.reporting.live.LiveResource}.
 */
@NullMarked
package io.clientele.reporting.live;

import org.jspecify.annotations.NullMarked;
