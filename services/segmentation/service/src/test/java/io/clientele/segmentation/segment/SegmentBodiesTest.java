package io.clientele.segmentation.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentBodiesTest {
    @Test
    void fillsInWhatIsNotSaid() {
        var draft = SegmentBodies.read(json("{\"condition\":{\"all\":[]}}"), "vip");
        assertThat(draft.name()).isEqualTo("vip");
        assertThat(draft.strategy()).isEmpty();
        assertThat(draft.status()).isNull();
        assertThat(draft.description()).isNull();
    }

    @Test
    void namesEveryPlaceThatDoesNotFit() {
        assertThatThrownBy(() ->
                        SegmentBodies.read(
                                json(
                                        "{\"name\":7,\"stauts\":\"active\",\"status\":\"on\","
                                                + "\"strategy\":[]}"),
                                "vip"))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        e ->
                                assertThat(e.errors())
                                        .extracting(FieldError::pointer)
                                        .containsExactlyInAnyOrder(
                                                "/name",
                                                "/stauts",
                                                "/status",
                                                "/strategy",
                                                "/condition"));
    }

    @Test
    void mergesAPatch() {
        var draft =
                SegmentBodies.patch(
                        segment(),
                        json(
                                "{\"description\":null,\"strategy\":{\"tone\":\"warm\",\"old\":null},"
                                    + "\"status\":\"paused\"}"));
        assertThat(draft.name()).isEqualTo("Very important");
        assertThat(draft.description()).isNull();
        assertThat(draft.strategy()).isEqualTo(Map.of("tone", "warm", "kept", "yes"));
        assertThat(draft.status()).isEqualTo(SegmentStatus.PAUSED);
        assertThat(draft.condition()).isEqualTo(segment().condition());
    }

    @Test
    void refusesToPatchTheCondition() {
        assertThatThrownBy(
                        () -> SegmentBodies.patch(segment(), json("{\"condition\":{\"any\":[]}}")))
                .isInstanceOf(RequestException.class);
    }

    private static Segment segment() {
        return new Segment(
                new ProgramId("demo"),
                new SegmentKey("vip"),
                "Very important",
                "They buy a lot",
                Map.of("all", List.of()),
                Map.of("old", "yes", "kept", "yes"),
                null,
                SegmentStatus.ACTIVE,
                1,
                1,
                Instant.EPOCH,
                "somebody",
                Instant.EPOCH,
                "somebody",
                SegmentKind.RULE,
                false,
                null);
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
