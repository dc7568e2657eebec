package io.clientele.segmentation.history;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.program.Programs;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.segment.SizeRepository;
import io.clientele.segmentation.segment.SizeSeries;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sizes of segments over time, as recorded. Thread-safe. */
@ApplicationScoped
public class SizeHistoryService {
    private static final int MOST_INTERVALS = 1_000;
    private static final int USUAL_INTERVALS = 30;

    private final SizeRepository repository;
    private final SegmentService segments;
    private final Programs programs;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    SizeHistoryService(
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

    /**
     * A segment's sizes, from when it was made at the earliest.
     *
     * @param interval {@code hour}, {@code day}, {@code week} or {@code month}; null: days
     * @param from the first day in the program's zone; null: so that there are 30 intervals
     * @param to the last day; null: today
     */
    SizeHistory history(
            ProgramId program,
            SegmentKey segment,
            @Nullable String interval,
            @Nullable String from,
            @Nullable String to) {
        var first = segments.versions(program, segment).getLast().effectiveAt();
        var model = programs.get(program).model();
        var now = clock.instant();
        var unit = unit(interval);
        var bounds =
                bounds(
                        unit,
                        day("from", from),
                        day("to", to),
                        now.atZone(model.zone()),
                        model.weekStart(),
                        first);
        var series =
                transactions
                        .call(
                                program.value(),
                                () -> repository.sizes(program, List.of(segment), bounds))
                        .getOrDefault(segment, SizeSeries.empty(bounds.size() - 1));
        long[] sizes = series.sizes();
        var items = new ArrayList<SizeHistory.Item>();
        for (int i = 0; i < sizes.length; i++) {
            items.add(
                    new SizeHistory.Item(
                            bounds.get(i),
                            bounds.get(i + 1),
                            sizes[i],
                            series.entered()[i],
                            series.left()[i]));
        }
        return new SizeHistory(segment, unit.key(), model.zone().getId(), items, now);
    }

    /**
     * Cuts; package-private for its test.
     *
     * @param first when the segment began
     */
    static List<Instant> bounds(
            SizeInterval unit,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            ZonedDateTime now,
            DayOfWeek weekStart,
            Instant first) {
        var zone = now.getZone();
        var end =
                to == null || !to.isBefore(now.toLocalDate())
                        ? unit.plus(unit.begin(now, weekStart), 1)
                        : to.plusDays(1).atStartOfDay(zone);
        var begin =
                from == null
                        ? unit.plus(unit.begin(end.minusNanos(1), weekStart), 1 - USUAL_INTERVALS)
                        : from.atStartOfDay(zone);
        if (!begin.isBefore(end)) {
            throw refused("from", "expected a day not after \"to\" and not after today");
        }
        if (begin.toInstant().isBefore(first)) {
            // Who had left before the segment was made is not recorded.
            begin = first.atZone(zone);
        }
        if (!begin.isBefore(end)) {
            throw refused("to", "the segment was made later");
        }
        var bounds = new ArrayList<Instant>();
        bounds.add(begin.toInstant());
        var next = unit.plus(unit.begin(begin, weekStart), 1);
        while (next.isBefore(end)) {
            bounds.add(next.toInstant());
            next = unit.plus(next, 1);
            if (bounds.size() > MOST_INTERVALS) {
                throw refused(
                        "interval",
                        "expected at most " + MOST_INTERVALS + " intervals; take a longer one");
            }
        }
        bounds.add(end.toInstant());
        return bounds;
    }

    private static SizeInterval unit(@Nullable String name) {
        if (name == null) {
            return SizeInterval.DAY;
        }
        return Arrays.stream(SizeInterval.values())
                .filter(unit -> unit.key().equals(name))
                .findFirst()
                .orElseThrow(() -> refused("interval", "expected hour, day, week or month"));
    }

    private static @Nullable LocalDate day(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw refused(name, "expected a day such as 2026-01-31");
        }
    }

    private static RequestException refused(String where, String expected) {
        return new RequestException(
                SegmentationError.PERIOD_INVALID,
                "A history needs an interval and days that fit.",
                List.of(new FieldError(where, expected)));
    }
}
