package io.clientele.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.clientele.contracts.EventTypes;
import io.clientele.simulator.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds what is generated against the JSON Schemas of the built-in event types. */
class EventValidityTest {
    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final Map<String, JsonSchema> schemas = new HashMap<>();

    @Test
    void everyEventIsOfABuiltInTypeAndValid() {
        var world =
                new World(
                        11,
                        2_000,
                        Instant.parse("2025-07-01T00:00:00Z"),
                        Instant.parse("2026-07-01T00:00:00Z"));
        var types = new TreeSet<String>();

        world.forEachEvent(event -> {
            JsonNode json = Json.tree(new String(Json.bytes(event), StandardCharsets.UTF_8));
            types.add(event.type());
            assertThat(EventTypes.BUILT_IN).contains(event.type());
            assertThat(schema(event.type()).validate(json.path("properties")))
                    .as(json.toString())
                    .isEmpty();
            assertThat(json.path("id").asText()).hasSizeBetween(1, 128);
            assertThat(Instant.parse(json.path("occurredAt").asText()))
                    .isEqualTo(event.occurredAt());
        });

        assertThat(types)
                .contains(
                        "enrollment",
                        "purchase",
                        "return",
                        "points.earned",
                        "points.spent",
                        "reward.redeemed",
                        "tier.changed",
                        "referral.made",
                        "survey.answered",
                        "feedback.given",
                        "profile.updated",
                        "support.contacted",
                        "cart.updated",
                        "product.viewed",
                        "app.opened",
                        "location.visited",
                        "social.interacted",
                        "message.opened",
                        "message.clicked");
    }

    private JsonSchema schema(String type) {
        return schemas.computeIfAbsent(
                type,
                name -> {
                    var resource = EventTypes.schemaResource(name);
                    try (var in = EventTypes.class.getClassLoader().getResourceAsStream(resource)) {
                        return FACTORY.getSchema(in);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                });
    }
}
