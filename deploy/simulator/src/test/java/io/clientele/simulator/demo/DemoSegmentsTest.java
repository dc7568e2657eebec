package io.clientele.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.contracts.EventTypes;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.ValueType;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.world.SimulatedEvent;
import io.clientele.simulator.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The demo's conditions, evaluated by the engine itself over a simulated year. */
class DemoSegmentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final List<String> VALUE_CLASSES =
            List.of("vip", "potential", "average", "at-risk");

    private final DemoSegments segments = DemoSegments.load();

    @Test
    void everySegmentHasMembersAndEachMemberIsInOneValueClass() throws IOException {
        var world = new World(1, 2_000, NOW.minus(Duration.ofDays(365)), NOW);
        var model = model();
        var evaluator = new Evaluator(model);
        Map<String, Condition> conditions = new LinkedHashMap<>();
        for (var segment : segments.segments()) {
            conditions.put(
                    segment.key(),
                    Conditions.read(JSON.readTree(segment.condition().toString()), model));
        }
        Map<String, Integer> sizes = new TreeMap<>();
        for (int number = 0; number < world.members(); number++) {
            var person = world.person(number);
            var history = new MemberHistory(person.id());
            var events = world.events(person);
            events.forEach(event -> fill(history, model, event));
            int classes = 0;
            for (var condition : conditions.entrySet()) {
                if (evaluator.matches(condition.getValue(), history, NOW)) {
                    sizes.merge(condition.getKey(), 1, Integer::sum);
                    classes += VALUE_CLASSES.contains(condition.getKey()) ? 1 : 0;
                }
            }
            assertThat(classes).as(person.id()).isEqualTo(1);
        }

        for (var segment : segments.segments()) {
            if (!segment.key().equals(segments.campaign().segment())) {
                assertThat(sizes.getOrDefault(segment.key(), 0))
                        .as("%s in %s", segment.key(), sizes)
                        .isBetween(4, world.members() / 2);
            }
        }
    }

    private static void fill(MemberHistory history, ProgramModel model, SimulatedEvent event) {
        var properties = map(event.properties());
        history.addEvent(
                model, event.source(), event.id(), event.type(), event.occurredAt(), properties);
        for (var name : List.of("attributes", "answers")) {
            if (properties.get(name) instanceof Map<?, ?> declared) {
                declared.forEach((attribute, value) ->
                        history.addAttribute(
                                model,
                                String.valueOf(attribute),
                                value,
                                event.occurredAt(),
                                event.source(),
                                event.id()));
            }
        }
    }

    private static Map<String, Object> map(Object value) {
        try {
            return JSON.readValue(Json.bytes(value), new TypeReference<Map<String, Object>>() {});
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The built-in event types, and the attributes that the conditions use. */
    private static ProgramModel model() throws IOException {
        var builder = ProgramModel.builder(ZoneOffset.UTC);
        Map.of(
                        "gender", "string",
                        "birthDate", "date",
                        "home", "place",
                        "interests", "strings",
                        "sustainability", "integer")
                .forEach((name, type) -> builder.attribute(name, ValueType.ofKey(type)));
        for (var type : EventTypes.BUILT_IN) {
            var resource = EventTypes.schemaResource(type);
            try (var in = EventTypes.class.getClassLoader().getResourceAsStream(resource)) {
                builder.eventType(
                        type,
                        ProgramModel.EventType.ofSchema(
                                JSON.readValue(in, new TypeReference<Map<String, Object>>() {})));
            }
        }
        return builder.build();
    }
}
