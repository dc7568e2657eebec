package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Literal;
import io.clientele.engine.Condition.Unit;
import io.clientele.engine.Condition.Window;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads windows of time. What returns null has noted why. For one thread. */
final class WindowReader {
    /** A window, and whether its days are the member's. */
    record Within(Window window, boolean memberZone) {}

    private final Problems problems;
    private final LiteralReader literals;

    WindowReader(Problems problems, LiteralReader literals) {
        this.problems = problems;
        this.literals = literals;
    }

    /** The keys {@code within} and {@code zone} of a leaf, both of which may be missing. */
    @Nullable Within read(JsonNode node, String at) {
        int before = problems.size();
        boolean memberZone = false;
        if (node.has("zone")) {
            memberZone = Boolean.TRUE.equals(literals.zone(node.get("zone"), at + "/zone"));
        }
        Window window = new Window.AllTime();
        if (node.has("within")) {
            JsonNode within = node.get("within");
            if (within.isObject() && within.has("zone")) {
                memberZone |=
                        Boolean.TRUE.equals(literals.zone(within.get("zone"), at + "/within/zone"));
            }
            window = window(within, at + "/within");
        }
        return window == null || problems.size() > before ? null : new Within(window, memberZone);
    }

    private @Nullable Window window(JsonNode node, String at) {
        List<String> forms = List.of("last", "from", "to", "current", "previous");
        if (!node.isObject()) {
            problems.add(
                    at,
                    "expected an object such as {\"last\":\"P30D\"}, came " + Problems.kind(node));
            return null;
        }
        List<String> keys =
                Problems.names(node).stream().filter(key -> !key.equals("zone")).toList();
        for (String key : keys) {
            if (!forms.contains(key)) {
                problems.add(
                        Problems.child(at, key),
                        "expected one of "
                                + Problems.list(forms)
                                + ", came "
                                + Problems.quoted(key)
                                + Problems.nearest(key, forms));
                return null;
            }
        }
        boolean range = keys.contains("from") || keys.contains("to");
        if (keys.isEmpty()
                || (!range && keys.size() > 1)
                || (range && keys.size() > 2)
                || (range
                        && keys.stream()
                                .anyMatch(key -> !key.equals("from") && !key.equals("to")))) {
            problems.add(
                    at,
                    "expected last, or current, or previous, or from and to; came "
                            + (keys.isEmpty() ? "none" : Problems.list(keys)));
            return null;
        }
        return switch (keys.getFirst()) {
            case "last" -> {
                Duration last = literals.duration(node.get("last"), at + "/last", false, false);
                yield last == null ? null : new Window.Last(last);
            }
            case "current" -> {
                Unit unit = unit(node.get("current"), at + "/current");
                yield unit == null ? null : new Window.Current(unit);
            }
            case "previous" -> {
                Unit unit = unit(node.get("previous"), at + "/previous");
                yield unit == null ? null : new Window.Previous(unit);
            }
            default -> range(node.get("from"), node.get("to"), at);
        };
    }

    private @Nullable Window range(@Nullable JsonNode from, @Nullable JsonNode to, String at) {
        boolean fromAgo = from != null && from.isObject();
        boolean toAgo = to != null && to.isObject();
        if (from != null && to != null && fromAgo != toAgo) {
            problems.add(
                    at,
                    "expected from and to both as {\"ago\":\"P90D\"} or both as times, came one of"
                            + " each");
            return null;
        }
        if (fromAgo || toAgo) {
            Duration start = from == null ? null : ago(from, at + "/from");
            Duration end = to == null ? Duration.ZERO : ago(to, at + "/to");
            if (end == null || (from != null && start == null)) {
                return null;
            }
            if (start != null && start.compareTo(end) <= 0) {
                problems.add(
                        at,
                        "expected from longer ago than to, came "
                                + Durations.format(start)
                                + " and "
                                + Durations.format(end));
                return null;
            }
            return new Window.Ago(start, end);
        }
        Literal start = from == null ? null : literals.time(from, at + "/from");
        Literal end = to == null ? null : literals.time(to, at + "/to");
        if ((from != null && start == null) || (to != null && end == null)) {
            return null;
        }
        if (start != null && end != null && literals.notAscending(start, end, true)) {
            problems.add(
                    at,
                    "expected from before to, came "
                            + Problems.shown(from)
                            + " and "
                            + Problems.shown(to));
            return null;
        }
        return new Window.Absolute(start, end);
    }

    private @Nullable Duration ago(JsonNode node, String at) {
        JsonNode ago = node.get("ago");
        if (ago == null || node.size() != 1) {
            problems.add(
                    at,
                    "expected {\"ago\":\"P90D\"}, came the keys "
                            + Problems.list(Problems.names(node)));
            return null;
        }
        return literals.duration(ago, at + "/ago", true, false);
    }

    private @Nullable Unit unit(JsonNode node, String at) {
        List<String> units = Arrays.stream(Unit.values()).map(ConditionWriter::unitKey).toList();
        if (!node.isTextual() || !units.contains(node.textValue())) {
            problems.add(
                    at,
                    "expected one of "
                            + Problems.list(units)
                            + ", came "
                            + Problems.shown(node)
                            + (node.isTextual() ? Problems.nearest(node.textValue(), units) : ""));
            return null;
        }
        return Unit.values()[units.indexOf(node.textValue())];
    }
}
