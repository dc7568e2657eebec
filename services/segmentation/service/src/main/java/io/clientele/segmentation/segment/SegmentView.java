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
        long @Nullable [] sparkline) {
    static SegmentView of(
            Segment segment,
            @Nullable Long size,
            @Nullable Duration freshness,
            @Nullable Instant asOf,
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
                size,
                freshness,
                segment.createdAt(),
                segment.createdBy(),
                segment.updatedAt(),
                segment.updatedBy(),
                asOf,
                applied,
                partitions,
                segment.kind(),
                segment.isOverridden(),
                segment.set(),
                null);
    }

    SegmentView withSparkline(long @Nullable [] days) {
        return new SegmentView(
                key,
                name,
                description,
                condition,
                strategy,
                owner,
                status,
                version,
                size,
                freshness,
                createdAt,
                createdBy,
                updatedAt,
                updatedBy,
                asOf,
                applied,
                partitions,
                kind,
                isOverridden,
                set,
                days);
    }
}
