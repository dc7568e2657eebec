package io.clientele.segmentation.history;

import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.history.WatchView.Flag;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.segment.SizeRepository;
import io.clientele.segmentation.segment.SizeSeries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Looks at a segment's size at the end of the last whole day beside the same weekdays of the eight
 * weeks before, as recorded: a late correction corrects the verdict too. Days before the present
 * version's begin do not count, as another condition is another segment. Thread-safe.
 */
@ApplicationScoped
class WatchService {
    private static final int WEEK = 7;

    private final SizeRepository repository;
    private final SegmentService segments;
    private final Programs programs;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    WatchService(
            SizeRepository repository,
            SegmentService segments,
            Programs programs,
            ProgramTransactions transactions,
            Clock clock) {
        this.repository = repository;
        this.segments = segments;
        this.programs = programs;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** The verdict on the last whole day. */
    WatchView watch(ProgramId program, SegmentKey segment) {
        var zone = programs.get(program).model().zone();
        var begin = segments.versions(program, segment).getFirst().effectiveAt();
        var day = clock.instant().atZone(zone).toLocalDate().minusDays(1);
        var bounds = bounds(day, zone);
        long[] sizes =
                transactions
                        .call(
                                program.value(),
                                () -> repository.sizes(program, List.of(segment), bounds))
                        .getOrDefault(segment, SizeSeries.empty(bounds.size() - 1))
                        .sizes();
        long size = sizes[sizes.length - 1];
        int weeks = weeks(begin, day, zone);
        if (weeks < SizeWatch.FEWEST_WEEKS) {
            return new WatchView(
                    segment,
                    day,
                    size,
                    Flag.NONE,
                    null,
                    null,
                    null,
                    weeks,
                    "the present version has been in force for fewer than "
                            + SizeWatch.FEWEST_WEEKS
                            + " weeks");
        }
        int last = sizes.length - 1;
        var usual = SizeWatch.usual(Arrays.copyOfRange(sizes, last - weeks * WEEK, last));
        return new WatchView(
                segment,
                day,
                size,
                size < usual.low() ? Flag.SHRINKAGE : size > usual.high() ? Flag.GROWTH : Flag.NONE,
                usual.expected(),
                usual.low(),
                usual.high(),
                weeks,
                null);
    }

    /** The days of eight weeks, and the day itself. */
    private static List<Instant> bounds(LocalDate day, ZoneId zone) {
        var bounds = new ArrayList<Instant>();
        for (int back = SizeWatch.WEEKS * WEEK; back >= -1; back--) {
            bounds.add(day.minusDays(back).atStartOfDay(zone).toInstant());
        }
        return bounds;
    }

    private static int weeks(Instant begin, LocalDate day, ZoneId zone) {
        long days = ChronoUnit.DAYS.between(begin.atZone(zone).toLocalDate(), day);
        return (int) Math.min(SizeWatch.WEEKS, Math.max(0, days / WEEK));
    }
}
