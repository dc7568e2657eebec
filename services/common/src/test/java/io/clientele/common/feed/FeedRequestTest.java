package io.clientele.common.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clientele.common.problem.RequestException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedRequestTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Three records, the second half of them after the end. */
    private static void three(FeedReader reader) throws IOException {
        if (reader.pause(false)
                && reader.take("{\"n\":1}", "a")
                && reader.take("{\"n\":2}", "b")
                && reader.pause(true)) {
            boolean unused = reader.take("{\"n\":3}", "c");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 2"})
    void answersLinesUpToTheLimitOrTheEnd(int limit, int lines) throws IOException {
        var request = FeedRequest.of("a", limit, null, "ignored", "application/x-ndjson");

        assertThat(request.after()).isEqualTo("a");
        assertThat(body(request.answer("thing", HOUR, FeedRequestTest::three)))
                .isEqualTo(
                        lines == 1
                                ? "{\"position\":\"a\",\"n\":1}\n"
                                : "{\"position\":\"a\",\"n\":1}\n{\"position\":\"b\",\"n\":2}\n");
    }

    @Test
    void answersEventsBeyondTheEnd() throws IOException {
        var request = FeedRequest.of(null, 0, "x", "last", "text/event-stream");
        var answer = request.answer("thing", HOUR, FeedRequestTest::three);

        assertThat(request.after()).isEqualTo("last");
        assertThat(answer.getHeaderString("Cache-Control")).isEqualTo("no-store");
        assertThat(body(answer))
                .isEqualTo(
                        "id: a\nevent: thing\ndata: {\"n\":1}\n\n"
                                + "id: b\nevent: thing\ndata: {\"n\":2}\n\n"
                                + "id: c\nevent: thing\ndata: {\"n\":3}\n\n");
    }

    @Test
    void endsEventsWithTheRightToReadThem() throws IOException {
        var request = FeedRequest.of(null, null, null, null, "text/event-stream");

        assertThat(body(request.answer("thing", Duration.ZERO, FeedRequestTest::three))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void refusesLimitOutOfBounds(int limit) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> FeedRequest.of(null, limit, null, null, null))
                .withMessage("limit is from 1 to 10000, was " + limit + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5s", "PT31S", "PT-1S", ""})
    void refusesWaitOutOfBounds(String wait) {
        assertThatExceptionOfType(RequestException.class)
                .isThrownBy(() -> FeedRequest.of(null, null, wait, null, null))
                .withMessage("wait is an ISO 8601 duration up to PT30S, was \"" + wait + "\".");
    }

    private static String body(Response answer) throws IOException {
        var out = new ByteArrayOutputStream();
        ((StreamingOutput) answer.getEntity()).write(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
