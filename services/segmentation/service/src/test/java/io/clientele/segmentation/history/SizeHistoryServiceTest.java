package io.clientele.segmentation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.common.problem.RequestException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

class SizeHistoryServiceTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 4, 1, 10, 30, 0, 0, BERLIN);

    @Test
    void daysLastAsLongAsTheyDoInTheZone() {
        var bounds =
                SizeHistoryService.bounds(
                        SizeInterval.DAY,
                        LocalDate.of(2026, 3, 28),
                        LocalDate.of(2026, 3, 30),
                        NOW,
                        DayOfWeek.MONDAY,
                        LONG_AGO);
        assertThat(bounds)
                .containsExactly(
                        Instant.parse("2026-03-27T23:00:00Z"),
                        Instant.parse("2026-03-28T23:00:00Z"),
                        Instant.parse("2026-03-29T22:00:00Z"),
                        Instant.parse("2026-03-30T22:00:00Z"));
    }

    @Test
    void endsWithTheIntervalThatIsNow() {
        var bounds =
                SizeHistoryService.bounds(
                        SizeInterval.DAY, null, null, NOW, DayOfWeek.MONDAY, LONG_AGO);
        assertThat(bounds).hasSize(31);
        assertThat(bounds.getLast()).isEqualTo(Instant.parse("2026-04-01T22:00:00Z"));
        var hours =
                SizeHistoryService.bounds(
                        SizeInterval.HOUR, null, null, NOW, DayOfWeek.MONDAY, LONG_AGO);
        assertThat(hours.getLast()).isEqualTo(Instant.parse("2026-04-01T09:00:00Z"));
        assertThat(Duration.between(hours.getFirst(), hours.getLast())).hasHours(30);
    }

    @Test
    void weeksBeginWithTheProgramsDayAndTheFirstMayBeShorter() {
        var bounds =
                SizeHistoryService.bounds(
                        SizeInterval.WEEK,
                        LocalDate.of(2026, 3, 4),
                        LocalDate.of(2026, 3, 17),
                        NOW,
                        DayOfWeek.SUNDAY,
                        LONG_AGO);
        assertThat(bounds.stream().map(it -> it.atZone(BERLIN).toLocalDate()))
                .containsExactly(
                        LocalDate.of(2026, 3, 4),
                        LocalDate.of(2026, 3, 8),
                        LocalDate.of(2026, 3, 15),
                        LocalDate.of(2026, 3, 18));
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() ->
                        SizeHistoryService.bounds(
                                SizeInterval.DAY,
                                LocalDate.of(2026, 5, 1),
                                null,
                                NOW,
                                DayOfWeek.MONDAY,
                                LONG_AGO))
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() ->
                        SizeHistoryService.bounds(
                                SizeInterval.HOUR,
                                LocalDate.of(2025, 1, 1),
                                null,
                                NOW,
                                DayOfWeek.MONDAY,
                                LONG_AGO))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e -> assertThat(e.errors().getFirst().pointer()).isEqualTo("interval"));
    }

    @Test
    void beginsWithTheSegment() {
        var made = Instant.parse("2026-03-30T15:00:00Z");
        var bounds =
                SizeHistoryService.bounds(
                        SizeInterval.DAY, null, null, NOW, DayOfWeek.MONDAY, made);
        assertThat(bounds)
                .containsExactly(
                        made,
                        Instant.parse("2026-03-30T22:00:00Z"),
                        Instant.parse("2026-03-31T22:00:00Z"),
                        Instant.parse("2026-04-01T22:00:00Z"));
    }
}
