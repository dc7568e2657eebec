package io.clientele.ingestion.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.ingestion.importing.LineSorter.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineSorterTest {
    @TempDir private @Nullable Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 10_000, 100_000_000})
    void sortsByKeyThenContentThenNumberHoweverLittleFitsIntoMemory(long runBytes)
            throws IOException {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < 500; i++) {
            lines.add(new Line("k" + i % 7, i, new String[] {"ä" + i % 3, ""}));
        }
        var expected = new ArrayList<>(lines);
        expected.sort(
                Comparator.comparing(Line::key)
                        .thenComparing(it -> it.values()[0])
                        .thenComparing(Line::number));
        Collections.shuffle(lines, new Random(7));

        assertThat(sorted(lines, runBytes)).containsExactlyElementsOf(expected);
        try (var left = Files.list(folder())) {
            assertThat(left).isEmpty();
        }
    }

    private Path folder() {
        if (folder == null) {
            throw new IllegalStateException("no folder");
        }
        return folder;
    }

    private List<Line> sorted(List<Line> lines, long runBytes) throws IOException {
        var found = new ArrayList<Line>();
        try (var sorter = new LineSorter(folder(), runBytes)) {
            for (var line : lines) {
                sorter.add(line);
            }
            for (var line = sorter.next(); line != null; line = sorter.next()) {
                found.add(line);
            }
        }
        return found;
    }
}
