package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A member (or prospect) in its program: 1 to 128 visible characters without space, {@code :} or
 * {@code /}.
 */
public record MemberId(@JsonValue String value) implements Comparable<MemberId> {
    private static final Pattern ALLOWED =
            Pattern.compile("[\\p{L}\\p{N}\\p{P}\\p{S}&&[^:/]]{1,128}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code value} is not of the form the class comment gives
     */
    @JsonCreator
    public MemberId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a member id is 1 to 128 visible characters without space, : or /, was \""
                            + value
                            + "\"");
        }
    }

    @Override
    public int compareTo(MemberId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
