package io.clientele.launcher;

import java.util.ArrayList;
import java.util.List;

/** Columns of text, aligned: words left, figures right. Not thread-safe. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /** A table whose first row is the heading. */
    Table(String... heading) {
        rows.add(List.of(heading));
    }

    /** Adds a row; it must be as long as the heading. */
    void row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    "expected " + rows.getFirst().size() + " cells, came " + cells.length);
        }
        rows.add(List.of(cells));
    }

    /** The lines, without trailing blanks. */
    List<String> lines() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        boolean[] figures = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            figures[column] = rows.size() > 1;
            for (int row = 0; row < rows.size(); row++) {
                String cell = rows.get(row).get(column);
                widths[column] = Math.max(widths[column], cell.length());
                figures[column] &= row == 0 || cell.isEmpty() || cell.matches("-|[0-9].*");
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String blanks = " ".repeat(widths[column] - row.get(column).length());
                line.append(column == 0 ? "" : "  ")
                        .append(
                                figures[column]
                                        ? blanks + row.get(column)
                                        : row.get(column) + blanks);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
