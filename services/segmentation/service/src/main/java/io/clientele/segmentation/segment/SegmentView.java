package io.clientele.segmentation.segment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.clientele.contracts.SegmentKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment as callers see it.
 *
 * @param size members in it at {@code asOf}; absent while partitions are being restored or moved
 * @param freshness how far {@code asOf} was behind the wall clock
 * @param asOf the instant that {@code size} is true of
 * @param applied of an edit that not every partition has yet: how many have it
 * @param partitions and how many there are
 * @param isOverridden whether members were ever set in or out by hand
 * @param set the segment set that it is a class of
 * @param quarantine why it is not evaluated, if it is not: memberships stay as they are
 * @param sparkline sizes at the ends of days, the last of today so far; if asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SegmentView(
        SegmentKey key,
        String name,
        @Nullable String description,
        Map<String, Object> condition,
        Map<String, Object> strategy,
        @Nullable String owner,
        SegmentStatus status,
        int version,
        @Nullable Long size,
        @Nullable Duration freshness,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        @Nullable Instant asOf,
        @Nullable Integer applied,
        @Nullable Integer partitions,
        SegmentKind kind,
        @JsonProperty("overridden") boolean isOverridden,
        @Nullable String set,
        long @Nullable [] sparkline,
        @Nullable String quarantine,
        @Nullable Cost cost) {
    /**
     * What evaluating it takes, since the partitions came to the instances where they are.
     *
     * @param evaluations how often a member was judged
     * @param millis how long that took, estimated from one in 64
     */
    record Cost(long evaluations, double millis) {}

    /** What the shards say of it. */
    record Live(
            long size,
            Duration freshness,
            Instant asOf,
            @Nullable String quarantine,
            Cost cost,
            long @Nullable [] sparkline) {}

    /** An edit that not every partition has yet. */
    static SegmentView of(Segment segment, int applied, int partitions) {
        return of(segment, null, applied, partitions);
    }

    static SegmentView of(Segment segment, Live live) {
        return of(segment, live, null, null);
    }

    private static SegmentView of(
            Segment segment,
            @Nullable Live live,
            @Nullable Integer applied,
            @Nullable Integer partitions) {
        return new SegmentView(
                segment.key(),
                segment.name(),
                segment.description(),
                segment.condition(),
                segment.strategy(),
                segment.owner(),
                segment.status(),
                segment.version(),
                live == null ? null : live.size(),
                live == null ? null : live.freshness(),
                segment.createdAt(),
                segment.createdBy(),
                segment.updatedAt(),
                segment.updatedBy(),
                live == null ? null : live.asOf(),
                applied,
                partitions,
                segment.kind(),
                segment.isOverridden(),
                segment.set(),
                live == null ? null : live.sparkline(),
                live == null ? null : live.quarantine(),
                live == null ? null : live.cost());
    }
}
