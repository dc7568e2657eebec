package io.clientele.reporting.program;

import java.time.DayOfWeek;
import java.time.ZoneId;

/**
 * How a program counts.
 *
 * @param zone the zone of its days
 * @param weekStart the first day of its weeks
 * @param currency ISO 4217, of its amounts
 */
public record ProgramSettings(ZoneId zone, DayOfWeek weekStart, String currency) {}
