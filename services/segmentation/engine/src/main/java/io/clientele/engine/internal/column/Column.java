package io.clientele.engine.internal.column;

/**
 * Cells of one kind, packed. Not thread-safe: one writer; a {@link #view} may be read by others as
 * long as nobody changes cells below the size it was made at.
 */
public sealed interface Column permits CodeColumn, NumberColumn {
    /** Puts an unset cell at {@code position} of the first {@code size} and moves the rest on. */
    void insert(int position, int size);

    /** Takes the cell at {@code position} of the first {@code size} out. */
    void remove(int position, int size);

    /** The cell as one number that tells equal cells from others. */
    long key(int index);

    /** The same cells, sharing memory, that later growth and widening leave alone. */
    Column view();

    /** The same cells in memory of their own. */
    Column copy();

    /** Cells {@code from} to {@code to} (exclusive) in memory of their own. */
    Column slice(int from, int to);

    /** Memory held by cells, in bytes. */
    long retainedBytes();
}
