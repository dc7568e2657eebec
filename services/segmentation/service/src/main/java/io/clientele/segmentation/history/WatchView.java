package io.clientele.segmentation.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.clientele.contracts.SegmentKey;
import java.time.LocalDate;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a segment's size is unusual.
 *
 * @param day the last whole day in the program's zone
 * @param size at its end
 * @param flag what is unusual
 * @param expected the median of the same weekday before; absent while too little is known
 * @param low the least that is usual
 * @param high the most
 * @param weeks how many weeks that rests on
 * @param sufficiency why nothing is said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record WatchView(
        SegmentKey segment,
        LocalDate day,
        long size,
        Flag flag,
        @Nullable Double expected,
        @Nullable Double low,
        @Nullable Double high,
        int weeks,
        @Nullable String sufficiency) {
    /** What is unusual. */
    enum Flag {
        NONE,
        GROWTH,
        SHRINKAGE;

        /** The word in JSON. */
        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
