package io.clientele.segmentation.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.common.json.Json;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import io.clientele.segmentation.DemoRegistry;
import io.clientele.segmentation.program.Programs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SegmentTemplatesTest {
    private static final ProgramId DEMO = new ProgramId("demo");
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final List<SegmentTemplate> templates = TemplateService.read();

    /** The program, with every attribute a template wants. */
    private ProgramModel model() {
        var records = new ArrayList<>(DemoRegistry.records(DEMO));
        var declared = new HashSet<String>();
        for (var template : templates) {
            for (var attribute : template.attributes()) {
                if (declared.add(attribute.name())) {
                    records.add(
                            new RegistryRecord.Attribute(
                                    DEMO,
                                    1,
                                    attribute.name(),
                                    attribute.type(),
                                    "custom",
                                    null,
                                    List.of(),
                                    false,
                                    false));
                }
            }
        }
        return Programs.modelOf(DemoRegistry.settings(DEMO), records);
    }

    private static Condition condition(SegmentTemplate template, ProgramModel model) {
        return Conditions.read(Json.mapper().valueToTree(template.condition()), model);
    }

    @Test
    void eachIsASegmentOfAProgramThatDeclaresItsAttributes() {
        var model = model();
        var keys = new HashSet<String>();
        for (var template : templates) {
            assertThat(keys.add(template.key())).as(template.key()).isTrue();
            assertThat(condition(template, model)).as(template.key()).isNotNull();
            assertThat(template.strategy())
                    .as(template.key())
                    .containsOnlyKeys(
                            "characteristics",
                            "approach",
                            "tone",
                            "message",
                            "channels",
                            "offers",
                            "service");
        }
        assertThat(templates.stream().map(SegmentTemplate::model).distinct())
                .containsExactlyInAnyOrder(
                        "demographic",
                        "geographic",
                        "psychographic",
                        "behavioral",
                        "campaign-response",
                        "value",
                        "trend",
                        "rfm",
                        "journey",
                        "technical");
    }

    @Test
    void saysWhatAProgramLacks() {
        var known =
                new Programs.Known(
                        Programs.modelOf(DemoRegistry.settings(DEMO), DemoRegistry.records(DEMO)),
                        1);
        var service =
                new TemplateService(
                        new Programs() {
                            @Override
                            public Optional<Known> find(ProgramId program) {
                                return Optional.of(known);
                            }

                            @Override
                            public Set<ProgramId> all() {
                                return Set.of(DEMO);
                            }
                        });
        for (var offered : service.offered(DEMO)) {
            var template = offered.template();
            assertThat(offered.ready())
                    .as(template.key())
                    .isEqualTo(template.attributes().isEmpty());
            if (!offered.ready()) {
                assertThat(offered.errors().getFirst().detail())
                        .as(template.key())
                        .contains(template.attributes().getFirst().name());
            }
        }
    }

    /** Members of any history are in exactly one class, buyers in exactly one group. */
    @Test
    void setsAreExclusiveAndLeaveNobodyOut() {
        var model = model();
        var evaluator = new Evaluator(model);
        var conditions = new LinkedHashMap<SegmentTemplate, Condition>();
        templates.forEach(template -> conditions.put(template, condition(template, model)));
        var seen = new HashSet<String>();
        for (int seed = 0; seed < 3_000; seed++) {
            var random = new SplittableRandom(seed);
            var history = new MemberHistory("m");
            int purchases = random.nextInt(9);
            int reach = List.of(20, 60, 120, 300, 500).get(random.nextInt(5));
            for (int i = 0; i < purchases; i++) {
                history.addEvent(
                        model,
                        "pos",
                        "e-" + i,
                        random.nextInt(8) == 0 && i > 0 ? "return" : "purchase",
                        ago(random, reach),
                        Map.of("amount", random.nextInt(1, 400)));
            }
            if (random.nextBoolean()) {
                history.addEvent(model, "pos", "n", "enrollment", ago(random, reach), Map.of());
            }
            var classes = in("value-classes", conditions, evaluator, history);
            var groups = in("rfm-groups", conditions, evaluator, history);
            assertThat(classes).as("seed %s", seed).hasSize(1);
            assertThat(groups).as("seed %s", seed).hasSize(purchases == 0 ? 0 : 1);
            seen.addAll(classes);
            seen.addAll(groups);
        }
        assertThat(seen).as("classes and groups that somebody was in").hasSize(10);
    }

    private static Instant ago(SplittableRandom random, int days) {
        return NOW.minus(Duration.ofMinutes(random.nextInt(days * 24 * 60)));
    }

    private static List<String> in(
            String set,
            Map<SegmentTemplate, Condition> conditions,
            Evaluator evaluator,
            MemberHistory history) {
        return conditions.entrySet().stream()
                .filter(each -> set.equals(each.getKey().set()))
                .filter(each -> evaluator.matches(each.getValue(), history, NOW))
                .map(each -> each.getKey().key())
                .toList();
    }
}
