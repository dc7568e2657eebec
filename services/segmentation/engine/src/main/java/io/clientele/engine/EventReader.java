package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Comparison;
import io.clientele.engine.Condition.Comparison.Operator;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Measure;
import io.clientele.engine.Condition.Where;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the leaves that look at events. What returns null has noted why. For one thread. */
final class EventReader {
    static final int MAX_STEPS = 10;

    private final Problems problems;
    private final LiteralReader literals;
    private final ComparisonReader comparisons;
    private final WindowReader windows;
    private final MeasureReader measures;

    EventReader(
            Problems problems,
            LiteralReader literals,
            ComparisonReader comparisons,
            WindowReader windows,
            MeasureReader measures) {
        this.problems = problems;
        this.literals = literals;
        this.comparisons = comparisons;
        this.windows = windows;
        this.measures = measures;
    }

    @Nullable Condition event(JsonNode node, String at) {
        ProgramModel.Operand operand = measures.operand(node, at);
        if (operand == null) {
            return null;
        }
        String type = node.get("event").textValue();
        int before = problems.size();
        Where where = null;
        if (node.has("where")) {
            where = measures.where(node.get("where"), at + "/where", type, operand, 1);
        }
        WindowReader.Within within = windows.read(node, at);
        Measure measure = Measure.COUNT;
        if (node.has("measure")) {
            measure = measures.measure(node.get("measure"), at + "/measure", type, operand);
        }
        List<String> besides = List.of("event", "where", "within", "measure", "zone");
        if (measure == null) {
            return null;
        }
        Comparison comparison = null;
        if (measure.kind() == Measure.Kind.COUNT
                && ComparisonReader.comparatorsOf(node, besides).isEmpty()) {
            comparison =
                    new Comparison.Bound(Operator.AT_LEAST, new Literal.Number(BigDecimal.ONE));
        } else {
            comparison = measures.comparison(node, at, measure, operand, besides);
        }
        return comparison == null || within == null || problems.size() > before
                ? null
                : new Condition.Event(
                        type, where, within.window(), measure, comparison, within.memberZone());
    }

    @Nullable Condition trend(JsonNode node, String at) {
        JsonNode trend = node.get("trend");
        String place = at + "/trend";
        if (!trend.isObject()) {
            problems.add(
                    place,
                    "expected {\"event\":…,\"measure\":…,\"period\":\"P90D\"}, came "
                            + Problems.kind(trend));
            return null;
        }
        int before = problems.size();
        problems.onlyKeys(trend, place, List.of("event", "where", "measure", "period"));
        ProgramModel.Operand operand = measures.operand(trend, place);
        Duration period = null;
        if (trend.has("period")) {
            period = literals.duration(trend.get("period"), place + "/period", false, false);
        } else {
            problems.add(place, "expected a period, such as \"period\":\"P90D\"");
        }
        Comparison comparison =
                comparisons.comparison(node, at, ValueType.NUMBER, List.of("trend"), "a trend");
        if (operand == null) {
            return null;
        }
        String type = trend.get("event").textValue();
        Where where =
                trend.has("where")
                        ? measures.where(trend.get("where"), place + "/where", type, operand, 1)
                        : null;
        Measure measure = Measure.COUNT;
        if (trend.has("measure")) {
            measure = measures.measure(trend.get("measure"), place + "/measure", type, operand);
            if (measure != null && !MeasureReader.isNumber(measure, operand)) {
                problems.add(
                        place + "/measure",
                        "expected a measure that is a number: count, sum, average, min, max or"
                                + " distinct");
            }
        }
        return problems.size() > before || measure == null || period == null || comparison == null
                ? null
                : new Condition.Trend(type, where, measure, period, comparison);
    }

    @Nullable Condition sequence(JsonNode node, String at) {
        int before = problems.size();
        problems.onlyKeys(node, at, List.of("sequence", "span", "within", "zone"));
        JsonNode list = node.get("sequence");
        List<Condition.Step> steps = new ArrayList<>();
        if (!list.isArray() || list.size() < 2 || list.size() > MAX_STEPS) {
            problems.add(
                    at + "/sequence",
                    "expected a list of 2 to "
                            + MAX_STEPS
                            + " steps, came "
                            + (list.isArray() ? list.size() + " steps" : Problems.kind(list)));
        } else {
            for (int i = 0; i < list.size(); i++) {
                Condition.Step step =
                        step(list.get(i), at + "/sequence/" + i, i == list.size() - 1);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        Duration span = null;
        if (node.has("span")) {
            span = literals.duration(node.get("span"), at + "/span", false, false);
        } else {
            problems.add(
                    at,
                    "expected the span from the first step to the last, such as \"span\":\"P7D\"");
        }
        WindowReader.Within within = windows.read(node, at);
        return problems.size() > before || span == null || within == null
                ? null
                : new Condition.Sequence(steps, span, within.window(), within.memberZone());
    }

    private Condition.@Nullable Step step(JsonNode node, String at, boolean last) {
        if (!node.isObject()) {
            problems.add(
                    at,
                    "expected a step such as {\"event\":\"purchase\"}, came "
                            + Problems.kind(node));
            return null;
        }
        problems.onlyKeys(node, at, List.of("event", "where", "absent"));
        boolean absent = false;
        if (node.has("absent")) {
            JsonNode given = node.get("absent");
            absent = given.isBoolean() && given.booleanValue();
            if (!absent || !last) {
                problems.add(
                        at + "/absent",
                        last
                                ? "expected true, came " + Problems.shown(given)
                                : "only the last step may be absent");
                return null;
            }
        }
        ProgramModel.Operand operand = measures.operand(node, at);
        if (operand == null) {
            return null;
        }
        String type = node.get("event").textValue();
        Where where = null;
        if (node.has("where")) {
            where = measures.where(node.get("where"), at + "/where", type, operand, 1);
            if (where == null) {
                return null;
            }
        }
        return new Condition.Step(type, where, absent);
    }
}
