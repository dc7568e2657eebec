package io.clientele.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.clientele.engine.ProgramModel.EventType;
import io.clientele.engine.ProgramModel.Property;
import java.io.UncheckedIOException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/** A program and histories that tests share. */
final class Worlds {
    static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    static final Property TEXT = new Property(ValueType.STRING, true);
    static final Property NUMBER = new Property(ValueType.NUMBER, true);

    private Worlds() {}

    static ProgramModel shop(ZoneId zone) {
        return shopBuilder(zone).build();
    }

    static ProgramModel.Builder shopBuilder(ZoneId zone) {
        Map<String, Property> items =
                Map.of(
                        "sku", TEXT,
                        "category", TEXT,
                        "brand", TEXT,
                        "quantity", NUMBER,
                        "amount", NUMBER);
        return ProgramModel.builder(zone)
                .weekStart(DayOfWeek.MONDAY)
                .attribute("country", ValueType.STRING)
                .attribute("city", ValueType.STRING)
                .attribute("gender", ValueType.STRING)
                .attribute("birthDate", ValueType.DATE)
                .attribute("income", ValueType.NUMBER)
                .attribute("children", ValueType.INTEGER)
                .attribute("newsletter", ValueType.BOOLEAN)
                .attribute("interests", ValueType.STRINGS)
                .attribute("home", ValueType.PLACE)
                .attribute("enrolledAt", ValueType.TIMESTAMP)
                .attribute("contractEnd", ValueType.DATE)
                .personalAttribute("email")
                .recordedTransitions()
                .store("s1", 13.5, 100.5)
                .store("s2", 13.8, 100.25)
                .score("rfm.group", ValueType.STRING)
                .score("rank.spend", ValueType.NUMBER)
                .score("due", ValueType.DATE)
                .eventType(
                        "purchase",
                        new EventType(
                                Map.of(
                                        "amount", NUMBER,
                                        "currency", TEXT,
                                        "store", TEXT,
                                        "channel", TEXT,
                                        "discount", NUMBER,
                                        "orderId", new Property(ValueType.STRING, false),
                                        "coupons", new Property(ValueType.STRINGS, true)),
                                items))
                .eventType(
                        "return",
                        new EventType(
                                Map.of(
                                        "amount",
                                        NUMBER,
                                        "orderId",
                                        new Property(ValueType.STRING, false)),
                                items))
                .eventType(
                        "tier.changed",
                        new EventType(
                                Map.of("to", TEXT, "until", new Property(ValueType.DATE, true)),
                                Map.of()))
                .eventType(
                        "app.opened",
                        new EventType(
                                Map.of(
                                        "os", TEXT,
                                        "beta", new Property(ValueType.BOOLEAN, true),
                                        "since", new Property(ValueType.TIMESTAMP, true)),
                                Map.of()));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Map<String, Object> map(String text) {
        try {
            return JSON.readValue(text, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static Condition condition(ProgramModel model, String text) {
        return Conditions.read(json(text), model);
    }

    static Instant at(String text) {
        return Instant.parse(text);
    }
}
