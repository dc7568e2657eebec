package io.clientele.segmentation.status;

import io.clientele.common.problem.TransientException;
import io.clientele.contracts.ProgramId;
import io.clientele.segmentation.shard.ClockQuestion;
import io.clientele.segmentation.shard.ShardReader;
import io.clientele.segmentation.shard.ShardStreams;
import io.clientele.segmentation.shard.ShardView;
import io.clientele.segmentation.shard.Shards;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Tells how fresh memberships are. Thread-safe. */
@ApplicationScoped
class StatusService {
    private final ShardStreams streams;
    private final Shards shards;
    private final ShardReader reader;
    private final Clock clock;

    @Inject
    StatusService(ShardStreams streams, Shards shards, ShardReader reader, Clock clock) {
        this.streams = streams;
        this.shards = shards;
        this.reader = reader;
        this.clock = clock;
    }

    /**
     * How this service is now: the partitions of all instances; while they move, those that are
     * here.
     */
    StatusView status(ProgramId program) {
        long now = clock.millis();
        var partitions = clocks(program);
        var begun =
                partitions.entrySet().stream()
                        .filter(it -> it.getValue().clock() > 0)
                        .map(it ->
                                new StatusView.Partition(
                                        it.getKey(),
                                        Instant.ofEpochMilli(it.getValue().clock()),
                                        now - it.getValue().clock()))
                        .toList();
        return new StatusView(
                streams.state(),
                new StatusView.Freshness(
                        Instant.ofEpochMilli(
                                partitions.values().stream()
                                        .filter(it -> it.clock() > 0)
                                        .mapToLong(ClockQuestion.Answer::asOf)
                                        .min()
                                        .orElse(now)),
                        begun.stream()
                                .mapToLong(StatusView.Partition::behindMillis)
                                .max()
                                .orElse(0),
                        begun),
                lag(),
                Map.of("dead-letters", shards.refused()));
    }

    private Map<Integer, ClockQuestion.Answer> clocks(ProgramId program) {
        try {
            return reader.clocks(program);
        } catch (TransientException moving) {
            var here = new TreeMap<Integer, ClockQuestion.Answer>();
            shards.running()
                    .forEach(view ->
                            here.put(
                                    view.partition(),
                                    new ClockQuestion.Answer(view.clock(), view.asOf())));
            return here;
        }
    }

    /** How far the furthest partition here is behind the wall; 0 while no member is known. */
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
