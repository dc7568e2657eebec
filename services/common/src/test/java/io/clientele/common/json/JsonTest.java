package io.clientele.common.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void keepsDecimalsExact() {
        var read = Json.read("{\"amount\":84.10}".getBytes(StandardCharsets.UTF_8), Map.class);
        assertThat(read.get("amount")).isEqualTo(new BigDecimal("84.10"));
    }

    @Test
    void keepsNumbersInTreesAsTheyWereWritten() throws IOException {
        assertThat(Json.mapper().readTree("[84.10,100.00]")).hasToString("[84.10,100.00]");
    }

    @Test
    void saysNullInAMap() {
        var map = new HashMap<String, Object>();
        map.put("income", null);
        assertThat(new String(Json.bytes(Map.of("attributes", map)), StandardCharsets.UTF_8))
                .isEqualTo("{\"attributes\":{\"income\":null}}");
    }

    @Test
    void writesInstantsAsRfc3339() {
        var written = Json.bytes(Map.of("at", Instant.parse("2026-11-01T10:15:00Z")));
        assertThat(new String(written, StandardCharsets.UTF_8))
                .isEqualTo("{\"at\":\"2026-11-01T10:15:00Z\"}");
    }

    @Test
    void refusesAPropertyGivenTwice() {
        var twice = "{\"id\":1,\"id\":2}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.read(twice, Map.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Duplicate field 'id'");
    }
}
