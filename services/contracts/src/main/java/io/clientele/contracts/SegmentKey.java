package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The key of a segment in its program: {@code [a-z0-9][a-z0-9-]{0,62}}. */
public record SegmentKey(@JsonValue String value) implements Comparable<SegmentKey> {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code value} is not of the form the class comment gives
     */
    @JsonCreator
    public SegmentKey {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a segment key is 1 to 63 of a-z, 0-9 and -, not beginning with -, was \""
                            + value
                            + "\"");
        }
    }

    @Override
    public int compareTo(SegmentKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
