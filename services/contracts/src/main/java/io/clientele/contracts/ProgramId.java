package io.clientele.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * A loyalty program: {@code [a-z0-9][a-z0-9-]{0,62}}. It comes from a verified credential, never
 * from a path or body.
 */
public record ProgramId(@JsonValue String value) implements Comparable<ProgramId> {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code value} is not of the form the class comment gives
     */
    @JsonCreator
    public ProgramId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a program is 1 to 63 of a-z, 0-9 and -, not beginning with -, was \""
                            + value
                            + "\"");
        }
    }

    @Override
    public int compareTo(ProgramId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
