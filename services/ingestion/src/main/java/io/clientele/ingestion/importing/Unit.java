package io.clientele.ingestion.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The smallest step of an import: what becomes one event, or none. */
final class Unit {
    private final long[] lines;
    private final boolean declaration;
    private final @Nullable ObjectNode event;
    private final RowMapper.@Nullable Rejection rejection;

    private Unit(
            long[] lines,
            boolean declaration,
            @Nullable ObjectNode event,
            RowMapper.@Nullable Rejection rejection) {
        this.lines = lines;
        this.declaration = declaration;
        this.event = event;
        this.rejection = rejection;
    }

    static Unit of(long[] lines, RowMapper.Result result) {
        return switch (result) {
            case RowMapper.Result.Event it -> new Unit(lines, false, it.event(), null);
            case RowMapper.Result.None it -> new Unit(lines, false, null, it.rejection());
        };
    }

    static Unit declaration(long line, ObjectNode event) {
        return new Unit(new long[] {line}, true, event, null);
    }

    /** The lines it stands for; a declaration's is where it was found, and counted elsewhere. */
    long[] lines() {
        return Arrays.copyOf(lines, lines.length);
    }

    /** Rows of the file that are done with it. */
    int rows() {
        return declaration ? 0 : lines.length;
    }

    /** True if it declares attributes of a member, beside the events proper. */
    boolean isDeclaration() {
        return declaration;
    }

    /** The event, not yet validated, or null. */
    @Nullable ObjectNode event() {
        return event;
    }

    /** Why there is none, or null. */
    RowMapper.@Nullable Rejection rejection() {
        return rejection;
    }
}
