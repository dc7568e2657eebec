package io.clientele.segmentation.status;

import io.clientele.segmentation.shard.ShardStreams;
import io.clientele.segmentation.shard.ShardView;
import io.clientele.segmentation.shard.Shards;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells how fresh memberships are. Thread-safe. */
@ApplicationScoped
class StatusService {
    private final ShardStreams streams;
    private final Shards shards;
    private final Clock clock;

    @Inject
    StatusService(ShardStreams streams, Shards shards, Clock clock) {
        this.streams = streams;
        this.shards = shards;
        this.clock = clock;
    }

    /** How this service is now. */
    StatusView status() {
        long now = clock.millis();
        var running = shards.running().stream().filter(view -> view.clock() > 0).toList();
        return new StatusView(
                streams.state(),
                new StatusView.Freshness(
                        asOf(running, now),
                        behindMillis(),
                        running.stream()
                                .map(view ->
                                        new StatusView.Partition(
                                                view.partition(),
                                                Instant.ofEpochMilli(view.clock()),
                                                now - view.clock()))
                                .toList()),
                lag(),
                Map.of("dead-letters", shards.refused()));
    }

    private static Instant asOf(List<ShardView> running, long now) {
        return Instant.ofEpochMilli(running.stream().mapToLong(ShardView::asOf).min().orElse(now));
    }

    /** How far the furthest partition's clock is behind the wall; 0 while no member is known. */
    long behindMillis() {
        long now = clock.millis();
        return shards.running().stream()
                .mapToLong(ShardView::clock)
                .filter(at -> at > 0)
                .map(at -> now - at)
                .max()
                .orElse(0);
    }

    /** Records that wait, as the consumers have it from their latest fetch. */
    private Map<String, Long> lag() {
        var lag = new TreeMap<String, Long>();
        streams.running()
                .ifPresent(running ->
                        running.metrics()
                                .forEach((name, metric) -> {
                                    if (name.name().equals("records-lag")
                                            && name.tags().containsKey("topic")
                                            && metric.metricValue() instanceof Double value
                                            && !value.isNaN()) {
                                        lag.merge(
                                                String.valueOf(name.tags().get("topic")),
                                                value.longValue(),
                                                Long::sum);
                                    }
                                }));
        return lag;
    }
}
