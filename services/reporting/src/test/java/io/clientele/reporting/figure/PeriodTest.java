package io.clientele.reporting.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clientele.common.problem.RequestException;
import io.clientele.reporting.program.ProgramSettings;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeriodTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final LocalDate TODAY = LocalDate.parse("2026-11-25");
    private static final ProgramSettings SETTINGS =
            new ProgramSettings(BERLIN, DayOfWeek.MONDAY, "EUR");

    @Test
    void daysAreAsLongAsTheClocksSay() {
        assertThat(length("2026-03-28", BERLIN)).isEqualTo(Duration.ofHours(24));
        assertThat(length("2026-03-29", BERLIN)).isEqualTo(Duration.ofHours(23));
        assertThat(length("2026-10-25", BERLIN)).isEqualTo(Duration.ofHours(25));
    }

    @Test
    void aMidnightThatDoesNotExistIsTheFirstInstantAfter() {
        var day = day("2018-11-04", ZoneId.of("America/Sao_Paulo"));
        assertThat(day.start()).isEqualTo(Instant.parse("2018-11-04T03:00:00Z"));
        assertThat(day.end()).isEqualTo(Instant.parse("2018-11-05T02:00:00Z"));
    }

    @Test
    void partsTouchAndFillThePeriod() {
        var period =
                new Period(LocalDate.parse("2026-03-25"), LocalDate.parse("2026-04-06"), BERLIN);
        for (var interval : ReportInterval.values()) {
            var parts = period.cut(interval, DayOfWeek.MONDAY);
            assertThat(parts.getFirst().start()).isEqualTo(period.start());
            assertThat(parts.getLast().end()).isEqualTo(period.end());
            for (int i = 1; i < parts.size(); i++) {
                assertThat(parts.get(i).start()).isEqualTo(parts.get(i - 1).end());
            }
            assertThat(parts.stream().mapToInt(Period::days).sum()).isEqualTo(13);
        }
        assertThat(period.cut(ReportInterval.WEEK, DayOfWeek.MONDAY))
                .extracting(Period::from)
                .containsExactly(
                        LocalDate.parse("2026-03-25"),
                        LocalDate.parse("2026-03-30"),
                        LocalDate.parse("2026-04-06"));
        assertThat(period.cut(ReportInterval.WEEK, DayOfWeek.SUNDAY))
                .extracting(Period::from)
                .containsExactly(
                        LocalDate.parse("2026-03-25"),
                        LocalDate.parse("2026-03-29"),
                        LocalDate.parse("2026-04-05"));
        assertThat(period.cut(ReportInterval.MONTH, DayOfWeek.MONDAY))
                .extracting(Period::to)
                .containsExactly(LocalDate.parse("2026-03-31"), LocalDate.parse("2026-04-06"));
    }

    @Test
    void coversTheLastThirtyDaysUnlessToldOtherwise() {
        assertThat(ReportService.period(null, null, TODAY, SETTINGS))
                .isEqualTo(new Period(LocalDate.parse("2026-10-27"), TODAY, BERLIN));
        assertThat(ReportService.period(null, "2026-03-30", TODAY, SETTINGS).from())
                .isEqualTo(LocalDate.parse("2026-03-01"));
        assertThat(ReportService.period("2026-11-24", "2027-01-01", TODAY, SETTINGS).to())
                .isEqualTo(TODAY);
    }

    @Test
    void refusesWhatIsNoPeriod() {
        refuses("2026-02-30", null, "/from");
        refuses(null, "yesterday", "/to");
        refuses("2026-03-02", "2026-03-01", "/from");
        refuses("2026-11-26", null, "/from");
        refuses("2020-01-01", null, "/from");
        refuses("+999999999-12-31", null, "/from");
    }

    @Test
    void countsDaysOfAYearAtMost() {
        var year = ReportService.period("2025-11-25", null, TODAY, SETTINGS);
        assertThat(year.days()).isEqualTo(366);
        assertThat(ReportService.interval(null, year)).isEqualTo(ReportInterval.DAY);

        var longer = ReportService.period("2025-11-24", null, TODAY, SETTINGS);
        assertThat(ReportService.interval("week", longer)).isEqualTo(ReportInterval.WEEK);
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> ReportService.interval("day", longer))
                .satisfies(e ->
                        assertThat(e.errors())
                                .singleElement()
                                .satisfies(it -> assertThat(it.pointer()).isEqualTo("/interval")));
    }

    private static void refuses(@Nullable String from, @Nullable String to, String pointer) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> ReportService.period(from, to, TODAY, SETTINGS))
                .satisfies(e ->
                        assertThat(e.errors())
                                .singleElement()
                                .satisfies(it -> assertThat(it.pointer()).isEqualTo(pointer)));
    }

    private static Duration length(String day, ZoneId zone) {
        var period = day(day, zone);
        return Duration.between(period.start(), period.end());
    }

    private static Period day(String day, ZoneId zone) {
        return new Period(LocalDate.parse(day), LocalDate.parse(day), zone);
    }
}
