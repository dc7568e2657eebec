package io.clientele.common.problem;

import java.util.List;

/** An error that the caller can fix. */
public final class RequestException extends RuntimeException {
    private final transient ErrorCode code;
    private final transient List<FieldError> errors;

    /**
     * @param code what it is
     * @param detail what was expected and what came
     */
    public RequestException(ErrorCode code, String detail) {
        this(code, detail, List.of());
    }

    /**
     * @param code what it is
     * @param detail what was expected and what came
     * @param errors the places in the input
     */
    public RequestException(ErrorCode code, String detail, List<FieldError> errors) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /** What it is. */
    public ErrorCode code() {
        return code;
    }

    /** The places in the input; may be empty. */
    public List<FieldError> errors() {
        return errors;
    }

    /** Its message, never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
