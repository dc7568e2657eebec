package io.clientele.engine;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ISO 8601 durations of a fixed length: weeks, days of 24 hours, hours, minutes, seconds. */
final class Durations {
    /** About 100 years. */
    static final Duration LONGEST = Duration.ofDays(36_525);

    private static final Pattern FORM =
            Pattern.compile(
                    "P(?:([0-9]{1,4})W|(?:([0-9]{1,5})D)?(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,8})M)?"
                        + "(?:([0-9]{1,10})(?:\\.([0-9]{1,3}))?S)?)?)");

    private Durations() {}

    /** The duration, or null if the text is none of a fixed length or too long. */
    static @Nullable Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || text.length() < 3) {
            return null;
        }
        String fraction = matcher.group(6);
        Duration duration =
                Duration.ofDays(7 * whole(matcher.group(1)) + whole(matcher.group(2)))
                        .plusHours(whole(matcher.group(3)))
                        .plusMinutes(whole(matcher.group(4)))
                        .plusSeconds(whole(matcher.group(5)))
                        .plusMillis(
                                fraction == null ? 0 : whole((fraction + "00").substring(0, 3)));
        return duration.compareTo(LONGEST) > 0 ? null : duration;
    }

    /** Whether the text is a duration with years or months. */
    static boolean hasYearsOrMonths(String text) {
        return text.matches("P(?=[0-9])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?(?:T.*)?")
                && parse(text) == null
                && text.replaceFirst("T.*", "").matches(".*[YM].*");
    }

    /** The shortest form without weeks. */
    static String format(Duration duration) {
        long days = duration.toDays();
        Duration rest = duration.minusDays(days);
        if (rest.isZero()) {
            return "P" + days + "D";
        }
        String time = rest.toString().substring(1);
        return days == 0 ? "P" + time : "P" + days + "D" + time;
    }

    /** In words: {@code 30 days}, {@code 12 hours}. */
    static String words(Duration duration) {
        StringBuilder words = new StringBuilder();
        append(words, duration.toDays(), "day");
        append(words, duration.toHoursPart(), "hour");
        append(words, duration.toMinutesPart(), "minute");
        append(words, duration.toSecondsPart(), "second");
        append(words, duration.toMillisPart(), "millisecond");
        return words.isEmpty() ? "0 days" : words.toString();
    }

    private static void append(StringBuilder words, long count, String unit) {
        if (count != 0) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(count)
                    .append(' ')
                    .append(unit)
                    .append(count == 1 ? "" : "s");
        }
    }

    private static long whole(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
