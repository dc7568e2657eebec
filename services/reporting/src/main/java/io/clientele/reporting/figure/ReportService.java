package io.clientele.reporting.figure;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.reporting.ReportingError;
import io.clientele.reporting.figure.FigureRepository.Cell;
import io.clientele.reporting.figure.FigureRepository.Movements;
import io.clientele.reporting.figure.SegmentFigures.Conversion;
import io.clientele.reporting.figure.SegmentFigures.Spending;
import io.clientele.reporting.position.PositionRepository;
import io.clientele.reporting.program.DefinedSegments;
import io.clientele.reporting.program.ProgramSettings;
import io.clientele.reporting.program.Programs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes reports. All figures of one are of one state of the tables. Thread-safe. */
@ApplicationScoped
public class ReportService {
    private static final int DEFAULT_DAYS = 30;
    private static final int MOST_DAYS = 1_100;

    /** With figures for each day; a leap year. */
    private static final int MOST_DAILY = 366;

    private final FigureRepository figures;
    private final PositionRepository positions;
    private final ProgramTransactions transactions;
    private final Programs programs;
    private final DefinedSegments segments;
    private final Clock clock;

    @Inject
    ReportService(
            FigureRepository figures,
            PositionRepository positions,
            ProgramTransactions transactions,
            Programs programs,
            DefinedSegments segments,
            Clock clock) {
        this.figures = figures;
        this.positions = positions;
        this.transactions = transactions;
        this.programs = programs;
        this.segments = segments;
        this.clock = clock;
    }

    /**
     * All segments that members can be in now, or were in.
     *
     * @param from the first day; by default the last 30 days up to {@code to}
     * @param to the last day; by default today, which it also is if it lies later
     * @throws RequestException 400 if these are no period
     */
    SegmentsReport segments(ProgramId program, @Nullable String from, @Nullable String to) {
        var settings = programs.require(program);
        var today = today(settings);
        var period = period(from, to, today, settings);
        return transactions.call(
                program.value(),
                () -> {
                    figures.prepare();
                    var raw =
                            new Raw(program, null, List.of(period), period, isOpen(period, today));
                    var keys = new TreeSet<>(segments.active(program));
                    keys.addAll(raw.movements.keySet());
                    return new SegmentsReport(
                            period.from(),
                            period.to(),
                            settings.zone().getId(),
                            settings.currency(),
                            keys.stream()
                                    .map(key -> new SegmentsReport.Item(key, raw.whole(key)))
                                    .toList(),
                            positions.asOf().orElse(Instant.EPOCH));
                });
    }

    /**
     * One segment, in intervals.
     *
     * @param key as in the path
     * @param interval {@code day} by default, which a period over 366 days is too long for
     * @throws RequestException 400 if there is no such period or interval, 404 if no such segment
     */
    SegmentReport segment(
            ProgramId program,
            String key,
            @Nullable String from,
            @Nullable String to,
            @Nullable String interval) {
        var settings = programs.require(program);
        var today = today(settings);
        var period = period(from, to, today, settings);
        var cut = interval(interval, period);
        var parts = period.cut(cut, settings.weekStart());
        return transactions.call(
                program.value(),
                () -> {
                    figures.prepare();
                    if (!exists(program, key)) {
                        throw new RequestException(
                                ReportingError.SEGMENT_NOT_FOUND,
                                "There is no segment " + key + ".");
                    }
                    var raw = new Raw(program, key, parts, period, isOpen(period, today));
                    var items = new ArrayList<SegmentReport.Part>();
                    for (int i = 0; i < parts.size(); i++) {
                        var part = parts.get(i);
                        items.add(new SegmentReport.Part(part.from(), part.to(), raw.part(key, i)));
                    }
                    return new SegmentReport(
                            key,
                            period.from(),
                            period.to(),
                            cut.key(),
                            settings.zone().getId(),
                            settings.currency(),
                            items,
                            raw.whole(key),
                            positions.asOf().orElse(Instant.EPOCH));
                });
    }

    /**
     * A campaign's funnel from its beginning on.
     *
     * @throws RequestException 404 if no campaign of that key contacted anybody
     */
    CampaignReport campaign(ProgramId program, String key) {
        var settings = programs.require(program);
        return transactions.call(
                program.value(),
                () -> {
                    figures.prepare();
                    var funnels = figures.funnels(program, key);
                    if (funnels.isEmpty()) {
                        throw new RequestException(
                                ReportingError.CAMPAIGN_NOT_FOUND,
                                "No campaign " + key + " has contacted anybody.");
                    }
                    return new CampaignReport(
                            key,
                            settings.currency(),
                            funnels.entrySet().stream()
                                    .map(it ->
                                            new CampaignReport.Item(
                                                    it.getKey().segment(),
                                                    it.getKey().channel(),
                                                    it.getValue()))
                                    .toList(),
                            funnels.values().stream().reduce(Funnel.NONE, Funnel::plus),
                            positions.asOf().orElse(Instant.EPOCH));
                });
    }

    /** What was read of one segment, or of all. */
    private final class Raw {
        private final List<Period> parts;
        private final Period period;
        private final Map<String, Movements> movements;
        private final Map<Cell, Spending> spending;
        private final Map<Cell, Conversion> prospects;
        private final Map<Cell, Conversion> contacts;

        private Raw(
                ProgramId program,
                @Nullable String segment,
                List<Period> parts,
                Period period,
                boolean isOpen) {
            this.parts = parts;
            this.period = period;
            movements = figures.movements(program, segment, period.eachDay(), isOpen);
            spending = figures.spending(program, segment, parts);
            prospects = figures.prospects(program, segment, parts);
            contacts = figures.contacts(program, segment, parts);
        }

        private SegmentFigures whole(String segment) {
            return of(segment, Cell.WHOLE, 0, period.days());
        }

        private SegmentFigures part(String segment, int part) {
            int first = 0;
            for (var earlier : parts.subList(0, part)) {
                first += earlier.days();
            }
            return of(segment, part, first, parts.get(part).days());
        }

        /** Of {@code days} days from the {@code first} on. */
        private SegmentFigures of(String segment, int part, int first, int days) {
            var cell = new Cell(segment, part);
            var moved = movements.getOrDefault(segment, new Movements(period.days()));
            var sizes = new long[days];
            long size = 0;
            for (int day = 0; day <= first + days; day++) {
                size += moved.entered()[day] - moved.left()[day];
                if (day > first) {
                    sizes[day - first - 1] = size;
                }
            }
            return SegmentFigures.of(
                    sizes,
                    Arrays.copyOfRange(moved.entered(), first + 1, first + days + 1),
                    Arrays.copyOfRange(moved.left(), first + 1, first + days + 1),
                    spending.getOrDefault(cell, Spending.NONE),
                    prospects.getOrDefault(cell, Conversion.NONE),
                    contacts.getOrDefault(cell, Conversion.NONE));
        }
    }

    private boolean exists(ProgramId program, String key) {
        SegmentKey segment;
        try {
            segment = new SegmentKey(key);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return segments.isDefined(program, segment) || figures.isKnown(program, key);
    }

    private LocalDate today(ProgramSettings settings) {
        return LocalDate.ofInstant(clock.instant(), settings.zone());
    }

    private static boolean isOpen(Period period, LocalDate today) {
        return !period.to().isBefore(today);
    }

    /** The period asked for. Days that have not begun are left out. */
    static Period period(
            @Nullable String from, @Nullable String to, LocalDate today, ProgramSettings settings) {
        var lastAsked = to == null ? today : date("to", to);
        var last = lastAsked.isAfter(today) ? today : lastAsked;
        var first = from == null ? last.minusDays(DEFAULT_DAYS - 1) : date("from", from);
        if (first.isAfter(lastAsked)) {
            throw refused("from", "must not be after to, " + lastAsked + ", was " + first);
        }
        if (first.isAfter(last)) {
            throw refused("from", "must not be after today, " + today + ", was " + first);
        }
        var period = new Period(first, last, settings.zone());
        if (period.days() > MOST_DAYS) {
            throw refused(
                    "from",
                    "must be at most " + MOST_DAYS + " days before to, " + last + ", was " + first);
        }
        return period;
    }

    private static LocalDate date(String parameter, String text) {
        try {
            var date = LocalDate.parse(text);
            if (date.getYear() >= 1900 && date.getYear() <= 2999) {
                return date;
            }
        } catch (DateTimeParseException e) {
            throw refusedDate(parameter, text, e);
        }
        throw refusedDate(parameter, text, null);
    }

    private static RequestException refusedDate(
            String parameter, String text, @Nullable DateTimeParseException cause) {
        var refused =
                refused(
                        parameter,
                        "must be a day from 1900 to 2999 such as 2026-11-25, was \"" + text + "\"");
        if (cause != null) {
            refused.addSuppressed(cause);
        }
        return refused;
    }

    /** What to cut the period into. */
    static ReportInterval interval(@Nullable String text, Period period) {
        var interval = text == null ? ReportInterval.DAY : interval(text);
        if (interval == ReportInterval.DAY && period.days() > MOST_DAILY) {
            throw refused(
                    "interval",
                    "must be week or month for more than "
                            + MOST_DAILY
                            + " days, was day for "
                            + period.days());
        }
        return interval;
    }

    private static ReportInterval interval(String text) {
        for (var interval : ReportInterval.values()) {
            if (interval.key().equals(text)) {
                return interval;
            }
        }
        throw refused(
                "interval",
                "must be one of "
                        + Arrays.stream(ReportInterval.values())
                                .map(ReportInterval::key)
                                .collect(Collectors.joining(", "))
                        + ", was \""
                        + text
                        + "\"");
    }

    private static RequestException refused(String parameter, String detail) {
        return new RequestException(
                ReportingError.PERIOD_INVALID,
                "The period or interval asked for is none.",
                List.of(new FieldError("/" + parameter, detail)));
    }
}
