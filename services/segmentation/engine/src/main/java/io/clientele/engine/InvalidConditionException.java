package io.clientele.engine;

import java.util.List;

/** A condition that cannot be accepted: everything that is wrong with it, not only the first. */
public final class InvalidConditionException extends IllegalArgumentException {
    /**
     * One thing wrong.
     *
     * @param pointer where, as a JSON Pointer (RFC 6901) into the condition; {@code ""} is the
     *     condition itself
     * @param detail what was expected, what came and, for a name, the nearest valid one
     * @param column where in the text form, counted in characters from 1; 0 if the condition came
     *     as JSON
     */
    public record Problem(String pointer, String detail, int column) {
        /** A problem of a condition that came as JSON. */
        public Problem(String pointer, String detail) {
            this(pointer, detail, 0);
        }
    }

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidConditionException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    /** At least one problem, in the order of the document, at most 100. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        Problem first = problems.getFirst();
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
        String place =
                first.column() == 0
                        ? "condition" + first.pointer()
                        : "condition, column " + first.column();
        return place + ": " + first.detail() + more;
    }
}
