package io.clientele.ingestion.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 65_536, 1_000_000})
    void cutsLinesHoweverTheyArrive(int chunk) throws IOException {
        var longest = "x".repeat(100_000);
        var text = "a\n\r\nä\r\n" + longest + "\n" + longest + "y\n  \nlast";

        assertThat(lines(text, chunk))
                .containsExactly("a", "<blank>", "ä", longest, "<too long>", "<blank>", "last");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_536})
    void passesOverALineOfAnyLengthInBoundedMemory(int chunk) throws IOException {
        assertThat(lines("x".repeat(300_000) + "\nb\n" + "x".repeat(300_000), chunk))
                .containsExactly("<too long>", "b", "<too long>");
        assertThat(lines("", chunk)).isEmpty();
        assertThat(lines("a\n", chunk)).containsExactly("a");
    }

    private static List<String> lines(String text, int chunk) throws IOException {
        var reader = new LineReader(chunked(text, chunk), 100_000);
        var found = new ArrayList<String>();
        while (reader.next()) {
            if (reader.isTooLong()) {
                found.add("<too long>");
            } else if (reader.isBlank()) {
                found.add("<blank>");
            } else {
                found.add(
                        new String(
                                reader.array(),
                                reader.offset(),
                                reader.length(),
                                StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private static InputStream chunked(String text, int chunk) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, chunk));
            }
        };
    }
}
