package io.clientele.segmentation.segment;

import io.clientele.common.paging.Page;
import io.clientele.common.paging.PageRequest;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Segments with their sizes. Thread-safe. */
@ApplicationScoped
class SegmentSizeService {
    private static final int LONGEST_SPARKLINE = 366;
    private static final double NANOS_A_MILLI = 1e6;

    private final SegmentService segments;
    private final ShardReader shards;
    private final SizeRepository history;
    private final Programs programs;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    SegmentSizeService(
            SegmentService segments,
            ShardReader shards,
            SizeRepository history,
            Programs programs,
            ProgramTransactions transactions,
            Clock clock) {
        this.segments = segments;
        this.shards = shards;
        this.history = history;
        this.programs = programs;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What an edit answers with. */
    SegmentView view(SegmentService.Outcome outcome) {
        if (!outcome.isApplied()) {
            return SegmentView.of(outcome.segment(), outcome.applied(), outcome.partitions());
        }
        return view(outcome.segment());
    }

    /**
     * One segment.
     *
     * @param sparkline how many days' sizes to add; null: none
     */
    SegmentView find(ProgramId program, SegmentKey key, @Nullable Period sparkline) {
        var segment = segments.find(program, key);
        return views(program, List.of(segment), shards.asOf(program), sparkline).getFirst();
    }

    /** Segments in the order of their keys, with sparklines as for {@link #find}. */
    Page<SegmentView> list(ProgramId program, PageRequest page, @Nullable Period sparkline) {
        var found = segments.list(program, page, 1);
        boolean more = found.size() > page.limit();
        var shown = more ? found.subList(0, page.limit()) : found;
        var asOf = shards.asOf(program);
        return new Page<>(
                views(program, shown, asOf, sparkline),
                more ? PageRequest.cursorAfter(shown.getLast().key().value()) : null,
                asOf);
    }

    private SegmentView view(Segment segment) {
        return views(segment.program(), List.of(segment), shards.asOf(segment.program()), null)
                .getFirst();
    }

    private List<SegmentView> views(
            ProgramId program, List<Segment> shown, Instant asOf, @Nullable Period sparkline) {
        var keys = shown.stream().map(Segment::key).toList();
        var standings = shards.standings(program, keys);
        var series = sparkline == null ? null : series(program, keys, sparkline);
        var freshness = Duration.between(asOf, clock.instant());
        return shown.stream()
                .map(segment -> {
                    var standing = Objects.requireNonNull(standings.get(segment.key()));
                    return SegmentView.of(
                            segment,
                            new SegmentView.Live(
                                    standing.size(),
                                    freshness,
                                    asOf,
                                    standing.quarantine(),
                                    new SegmentView.Cost(
                                            standing.evaluations(),
                                            standing.nanos() / NANOS_A_MILLI),
                                    series == null ? null : since(segment, series)));
                })
                .toList();
    }

    /** From the day on that the segment was made; before, not all of its members are recorded. */
    private long[] since(Segment segment, Map<SegmentKey, SizeSeries> series) {
        long[] days = Objects.requireNonNull(series.get(segment.key())).sizes();
        var zone = programs.get(segment.program()).model().zone();
        var age =
                ChronoUnit.DAYS.between(
                        segment.createdAt().atZone(zone).toLocalDate(),
                        clock.instant().atZone(zone).toLocalDate());
        int shown = (int) Math.min(days.length, age + 1);
        return Arrays.copyOfRange(days, days.length - shown, days.length);
    }

    /** Sizes at the ends of days of the program's zone, the last of today so far. */
    private Map<SegmentKey, SizeSeries> series(
            ProgramId program, List<SegmentKey> keys, Period sparkline) {
        var zone = programs.get(program).model().zone();
        var today = clock.instant().atZone(zone).toLocalDate();
        var bounds = new ArrayList<Instant>();
        for (int back = sparkline.getDays() - 1; back >= -1; back--) {
            bounds.add(today.minusDays(back).atStartOfDay(zone).toInstant());
        }
        return transactions.call(program.value(), () -> history.sizes(program, keys, bounds));
    }

    /**
     * Reads {@code ?sparkline=}.
     *
     * @throws RequestException 400 if it is not some days
     */
    static @Nullable Period sparkline(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var period = Period.parse(text);
            boolean isDays = period.getMonths() == 0 && period.getYears() == 0;
            if (isDays && period.getDays() >= 1 && period.getDays() <= LONGEST_SPARKLINE) {
                return period;
            }
        } catch (DateTimeParseException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    private static RequestException refused(@Nullable Throwable cause) {
        var refused =
                new RequestException(
                        SegmentationError.PERIOD_INVALID,
                        "sparkline is a number of days, such as P30D.",
                        List.of(
                                new FieldError(
                                        "sparkline",
                                        "expected P1D to P" + LONGEST_SPARKLINE + "D")));
        if (cause != null) {
            refused.addSuppressed(cause);
        }
        return refused;
    }
}
