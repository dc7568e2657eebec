package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.InvalidConditionException.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every example of {@code docs/segment-language.md}: what the page says of Ada is what the
 * engine says.
 */
class SegmentLanguageTest {
    private static final Instant NOON = Instant.parse("2026-07-01T05:00:00Z");
    private static final Pattern CLAIM =
            Pattern.compile("Ada(?: at (\\S+))?: (yes|no|unset)\\b(.*)");
    private static final Pattern REFUSAL =
            Pattern.compile("Refused at (?:`([^`]*)`|column ([0-9]+)): (.*)");
    private static final Pattern NEXT_CHANGE = Pattern.compile("Next change: `([^`]*)`");

    /** A block, of JSON or a condition in text on each line, and the lines up to the next one. */
    private record Example(int line, boolean isText, String code, List<String> after) {
        List<String> conditions() {
            return isText ? code.lines().toList() : List.of(code);
        }
    }

    private final List<String> page = page();
    private final Map<String, Example> named = new LinkedHashMap<>();
    private final List<Example> examples = new ArrayList<>();
    private final ProgramModel model;
    private final MemberHistory ada = new MemberHistory("ada");

    SegmentLanguageTest() {
        read();
        model = program(Worlds.json(block("Program:").code()));
        fill(Worlds.json(block("Ada:").code()));
    }

    private static List<String> page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/segment-language.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "docs/segment-language.md");
        }
        try {
            return Files.readAllLines(folder.resolve("docs/segment-language.md"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void read() {
        String lastText = "";
        for (int i = 0; i < page.size(); i++) {
            if (!isBlock(page.get(i))) {
                lastText = page.get(i).isBlank() ? lastText : page.get(i);
                continue;
            }
            int end = i + 1;
            while (!page.get(end).equals("```")) {
                end++;
            }
            List<String> after = new ArrayList<>();
            for (int j = end + 1; j < page.size() && !isBlock(page.get(j)); j++) {
                after.add(page.get(j));
            }
            Example example =
                    new Example(
                            i + 1,
                            page.get(i).equals("```text"),
                            String.join("\n", page.subList(i + 1, end)),
                            after);
            if (lastText.equals("Program:") || lastText.equals("Ada:")) {
                named.put(lastText, example);
            } else {
                examples.add(example);
            }
            lastText = "";
            i = end;
        }
    }

    private static boolean isBlock(String line) {
        return line.equals("```json") || line.equals("```text");
    }

    private Example block(String name) {
        return Objects.requireNonNull(named.get(name), name);
    }

    private static ProgramModel program(JsonNode program) {
        ProgramModel.Builder builder =
                ProgramModel.builder(ZoneId.of(program.get("zone").textValue()))
                        .weekStart(DayOfWeek.valueOf(program.get("weekStart").textValue()));
        program.get("attributes")
                .properties()
                .forEach(entry ->
                        builder.attribute(
                                entry.getKey(), ValueType.ofKey(entry.getValue().textValue())));
        builder.recordedTransitions();
        program.get("stores")
                .properties()
                .forEach(entry ->
                        builder.store(
                                entry.getKey(),
                                entry.getValue().get("latitude").doubleValue(),
                                entry.getValue().get("longitude").doubleValue()));
        program.get("scores")
                .properties()
                .forEach(entry ->
                        builder.score(
                                entry.getKey(), ValueType.ofKey(entry.getValue().textValue())));
        program.get("personal").forEach(name -> builder.personalAttribute(name.textValue()));
        program.get("eventTypes")
                .properties()
                .forEach(entry ->
                        builder.eventType(
                                entry.getKey(),
                                ProgramModel.EventType.ofSchema(
                                        Worlds.map(entry.getValue().toString()))));
        ProgramModel plain = builder.build();
        program.get("segments")
                .properties()
                .forEach(entry ->
                        builder.segment(entry.getKey(), Conditions.read(entry.getValue(), plain)));
        return builder.build();
    }

    private void fill(JsonNode member) {
        int number = 0;
        for (JsonNode change : member.get("attributes")) {
            Object value =
                    Worlds.JSON.convertValue(change.get("value"), new TypeReference<Object>() {});
            assertThat(
                            ada.addAttribute(
                                    model,
                                    change.get("name").textValue(),
                                    value,
                                    Instant.parse(change.get("at").textValue()),
                                    "crm",
                                    "a" + ++number))
                    .as(change.toString())
                    .isTrue();
        }
        for (JsonNode event : member.get("events")) {
            ada.addEvent(
                    model,
                    "pos",
                    event.get("id").textValue(),
                    event.get("type").textValue(),
                    OffsetDateTime.parse(event.get("occurredAt").textValue()).toInstant(),
                    Worlds.map(event.get("properties").toString()));
        }
        for (JsonNode score : member.get("scores")) {
            Object value =
                    Worlds.JSON.convertValue(score.get("value"), new TypeReference<Object>() {});
            ada.addScore(
                    model,
                    score.get("name").textValue(),
                    value,
                    Instant.parse(score.get("at").textValue()),
                    "models",
                    "s" + ++number);
        }
        for (JsonNode change : member.get("transitions")) {
            boolean entered = change.has("entered");
            ada.addTransition(
                    change.get(entered ? "entered" : "left").textValue(),
                    entered,
                    Instant.parse(change.get("at").textValue()));
        }
    }

    @TestFactory
    Stream<DynamicTest> saysWhatThePageSays() {
        return examples.stream()
                .map(example ->
                        DynamicTest.dynamicTest("line " + example.line(), () -> check(example)));
    }

    @Test
    void thePageHasExamplesOfEveryKeyOfTheLanguage() {
        assertThat(examples).hasSizeGreaterThan(50);
        String all = examples.stream().map(Example::code).toList().toString();
        assertThat(all)
                .contains("\"all\"", "\"any\"", "\"not\"", "\"of\"", "\"segment\"", "\"sample\"")
                .contains("\"equals\"", "\"in\"", "\"greaterThan\"", "\"atLeast\"", "\"lessThan\"")
                .contains("\"atMost\"", "\"between\"", "\"contains\"", "\"containsAny\"")
                .contains("\"containsAll\"", "\"startsWith\"", "\"exists\"", "\"before\"")
                .contains("\"withinLast\"", "\"withinNext\"", "\"anniversaryWithinNext\"")
                .contains("\"withinKm\"", "\"setWithin\"", "\"where\"", "\"measure\"", "\"zone\"")
                .contains("\"last\"", "\"ago\"", "\"current\"", "\"previous\"", "\"sum\"")
                .contains("\"average\"", "\"max\"", "\"distinct\"", "\"favorite\"", "\"share\"")
                .contains("\"trend\"", "\"sequence\"", "\"score\"", "\"entered\"", "\"left\"")
                .contains("\"store\"", "\"from\"", "\"first\"");
    }

    private void check(Example example) {
        int claims = 0;
        for (String line : example.after()) {
            Matcher refusal = REFUSAL.matcher(line);
            Matcher claim = CLAIM.matcher(line);
            if (refusal.matches()) {
                refuse(example, refusal);
                claims++;
            } else if (claim.matches()) {
                example.conditions().forEach(condition -> judge(example, condition, claim));
                claims++;
            }
        }
        assertThat(claims).as("the example says what comes out").isPositive();
    }

    private Condition read(Example example, String condition) {
        return example.isText()
                ? Conditions.parse(condition, model)
                : Conditions.read(Worlds.json(condition), model);
    }

    private void refuse(Example example, Matcher refusal) {
        for (String condition : example.conditions()) {
            InvalidConditionException refused =
                    catchThrowableOfType(
                            InvalidConditionException.class, () -> read(example, condition));
            assertThat(refused).isNotNull();
            Problem problem = refused.problems().getFirst();
            if (example.isText()) {
                assertThat(problem.column()).isEqualTo(Integer.parseInt(refusal.group(2)));
            } else {
                assertThat(problem.pointer()).isEqualTo(refusal.group(1));
            }
            assertThat(problem.detail()).contains(refusal.group(3));
        }
    }

    private void judge(Example example, String written, Matcher claim) {
        Evaluator evaluator = new Evaluator(model);
        Condition condition = read(example, written);
        assertThat(PublishedSchema.problems(Conditions.write(condition))).isEmpty();
        if (example.isText()) {
            assertThat(Conditions.print(condition)).isEqualTo(written);
        } else {
            assertThat(PublishedSchema.problems(Worlds.json(written))).isEmpty();
        }
        assertThat(Conditions.parse(Conditions.print(condition), model)).isEqualTo(condition);
        Instant at = claim.group(1) == null ? NOON : Instant.parse(claim.group(1));
        Explanation explanation = evaluator.explain(condition, ada, at);
        String told = explanation.toString();
        assertThat(evaluator.matches(condition, ada, at))
                .as(told)
                .isEqualTo(claim.group(2).equals("yes"));
        if (claim.group(2).equals("unset")) {
            assertThat(explanation.root().unset()).as(told).isTrue();
        }
        Matcher next = NEXT_CHANGE.matcher(claim.group(3));
        if (next.find()) {
            assertThat(evaluator.nextPossibleFlip(condition, ada, at))
                    .as(told)
                    .contains(Instant.parse(next.group(1)));
        }
    }
}
