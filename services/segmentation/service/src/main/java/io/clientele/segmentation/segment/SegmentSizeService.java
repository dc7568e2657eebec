package io.clientele.segmentation.segment;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Segments with their sizes. Thread-safe. */
@ApplicationScoped
class SegmentSizeService {
    private final SegmentService segments;
    private final ShardReader shards;
    private final Clock clock;

    @Inject
    SegmentSizeService(SegmentService segments, ShardReader shards, Clock clock) {
        this.segments = segments;
        this.shards = shards;
        this.clock = clock;
    }

    /** What an edit answers with. */
    SegmentView view(SegmentService.Outcome outcome) {
        if (!outcome.isApplied()) {
            return SegmentView.of(
                    outcome.segment(), null, null, null, outcome.applied(), outcome.partitions());
        }
        return view(outcome.segment());
    }

    /** One segment. */
    SegmentView find(ProgramId program, SegmentKey key) {
        return view(segments.find(program, key));
    }

    /** Segments in the order of their keys. */
    Page<SegmentView> list(ProgramId program, PageRequest page) {
        var found = segments.list(program, page, 1);
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        var asOf = shards.asOf(program);
        return new Page<>(
                views(program, shown, asOf),
                more ? PageRequest.cursorAfter(shown.getLast().key().value()) : null,
                asOf);
    }

    private SegmentView view(Segment segment) {
        return views(segment.program(), List.of(segment), shards.asOf(segment.program()))
                .getFirst();
    }

    private List<SegmentView> views(ProgramId program, List<Segment> shown, Instant asOf) {
        var sizes = shards.sizes(program, shown.stream().map(Segment::key).toList());
        var freshness = Duration.between(asOf, clock.instant());
        return shown.stream()
                .map(segment ->
                        SegmentView.of(
                                segment,
                                sizes.getOrDefault(segment.key(), 0L),
                                freshness,
                                asOf,
                                null,
                                null))
                .toList();
    }
}
