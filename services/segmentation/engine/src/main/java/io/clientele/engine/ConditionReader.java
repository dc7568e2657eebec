package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.engine.Condition.Comparison;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one condition and notes everything that is wrong with it: the combinations and the leaves
 * that are no events. A method that returns null has noted why. For one use by one thread.
 */
final class ConditionReader {
    static final int MAX_EXPANDED = 10_000;
    static final int MAX_LEVELS = 100;

    /** What an object in the place of a condition may be, by the key that says so. */
    private static final List<String> FORMS =
            List.of(
                    "all",
                    "any",
                    "not",
                    "of",
                    "attribute",
                    "score",
                    "event",
                    "segment",
                    "sample",
                    "trend",
                    "sequence",
                    "entered",
                    "left");

    private final ProgramModel model;
    private final Optional<String> ownKey;
    private final boolean limited;
    private final Problems problems = new Problems();
    private final Parts parts;
    private final LiteralReader literals;
    private final ComparisonReader comparisons;
    private final WindowReader windows;
    private final EventReader events;

    /**
     * @param ownKey the segment that the condition is for, if it is for one
     * @param limited whether limits of size apply
     */
    ConditionReader(ProgramModel model, Optional<String> ownKey, boolean limited) {
        this.model = model;
        this.ownKey = ownKey;
        this.limited = limited;
        parts = new Parts(problems, limited);
        literals = new LiteralReader(model, problems);
        comparisons = new ComparisonReader(model, problems, literals);
        windows = new WindowReader(problems, literals);
        events =
                new EventReader(
                        problems,
                        literals,
                        comparisons,
                        windows,
                        new MeasureReader(model, problems, parts, comparisons));
    }

    Condition readAll(JsonNode json) {
        Condition condition = condition(json, "", 1);
        if (condition != null && problems.isEmpty() && limited) {
            checkSizes(condition);
        }
        if (condition == null || !problems.isEmpty()) {
            throw new InvalidConditionException(problems.all());
        }
        return condition;
    }

    /**
     * The sizes with references followed, of this condition and of every segment that it becomes a
     * part of.
     */
    private void checkSizes(Condition condition) {
        Map<String, Condition> segments = new HashMap<>(model.segments());
        ownKey.ifPresent(key -> segments.put(key, condition));
        SegmentSizes sizes = new SegmentSizes(segments);
        check(sizes.of(condition), "");
        if (ownKey.isPresent() && problems.isEmpty()) {
            for (String key : new TreeSet<>(segments.keySet())) {
                check(
                        sizes.of(key),
                        " of segment " + Problems.quoted(key) + ", which refers to this one");
            }
        }
    }

    private void check(SegmentSizes.Size size, String whose) {
        if (size.leaves() > MAX_EXPANDED) {
            problems.add(
                    "",
                    "expected at most "
                            + MAX_EXPANDED
                            + " leaves with those of the segments referred to, came "
                            + size.leaves()
                            + whose);
        }
        if (size.levels() > MAX_LEVELS) {
            problems.add(
                    "",
                    "expected at most "
                            + MAX_LEVELS
                            + " levels with those of the segments referred to, came "
                            + size.levels()
                            + whose);
        }
    }

    private @Nullable Condition condition(JsonNode node, String at, int depth) {
        if (!parts.count(at, depth)) {
            return null;
        }
        if (!node.isObject()) {
            problems.add(
                    at,
                    "expected a condition, an object with one of "
                            + Problems.list(FORMS)
                            + "; came "
                            + Problems.kind(node));
            return null;
        }
        List<String> forms = FORMS.stream().filter(node::has).toList();
        if (forms.size() > 1) {
            problems.add(
                    at,
                    "expected one condition, came the keys "
                            + Problems.list(forms)
                            + "; combine several with all");
            return null;
        }
        if (forms.isEmpty()) {
            noForm(node, at);
            return null;
        }
        return switch (forms.getFirst()) {
            case "all" -> {
                List<Condition> read = conditions(node, "all", at, depth, List.of("all"));
                yield read == null ? null : new Condition.All(read);
            }
            case "any" -> {
                List<Condition> read = conditions(node, "any", at, depth, List.of("any"));
                yield read == null ? null : new Condition.Any(read);
            }
            case "of" -> atLeast(node, at, depth);
            case "not" -> {
                problems.onlyKeys(node, at, List.of("not"));
                Condition part = condition(node.get("not"), at + "/not", depth + 1);
                yield part == null ? null : new Condition.Not(part);
            }
            case "attribute" -> attribute(node, at);
            case "score" -> score(node, at);
            case "event" -> events.event(node, at);
            case "segment" -> segment(node, at);
            case "sample" -> sample(node, at);
            case "trend" -> events.trend(node, at);
            case "sequence" -> events.sequence(node, at);
            case "entered" -> transition(node, at, "entered");
            case "left" -> transition(node, at, "left");
            default -> throw new AssertionError(forms);
        };
    }

    private void noForm(JsonNode node, String at) {
        if (node.isEmpty()) {
            problems.add(at, "expected one of " + Problems.list(FORMS) + ", came an empty object");
            return;
        }
        if (node.has("property")) {
            problems.add(
                    at,
                    "a property is compared inside the where of an event; expected one of "
                            + Problems.list(FORMS));
            return;
        }
        String first = Problems.names(node).getFirst();
        problems.add(
                Problems.child(at, first),
                "expected one of "
                        + Problems.list(FORMS)
                        + ", came "
                        + Problems.quoted(first)
                        + Problems.nearest(first, FORMS));
    }

    private @Nullable List<Condition> conditions(
            JsonNode node, String key, String at, int depth, List<String> allowed) {
        problems.onlyKeys(node, at, allowed);
        return parts.each(
                node.get(key),
                at + "/" + key,
                "a list of conditions",
                (part, place) -> condition(part, place, depth + 1));
    }

    private @Nullable Condition atLeast(JsonNode node, String at, int depth) {
        List<Condition> of = conditions(node, "of", at, depth, List.of("atLeast", "of"));
        JsonNode count = node.get("atLeast");
        if (count == null) {
            problems.add(at, "expected atLeast beside of: {\"atLeast\":2,\"of\":[…]}");
            return null;
        }
        int size = node.get("of").size();
        if (!count.isIntegralNumber()
                || !count.canConvertToInt()
                || count.intValue() < 1
                || count.intValue() > size) {
            problems.add(
                    at + "/atLeast",
                    "expected a whole number from 1 to the "
                            + size
                            + " parts of \"of\", came "
                            + Problems.shown(count));
            return null;
        }
        return of == null ? null : new Condition.AtLeast(count.intValue(), of);
    }

    private @Nullable Condition attribute(JsonNode node, String at) {
        String name =
                problems.text(node.get("attribute"), at + "/attribute", "the name of an attribute");
        if (name == null) {
            return null;
        }
        ValueType type = model.attributeType(name);
        if (type == null) {
            problems.add(at + "/attribute", unknownAttribute(name));
            return null;
        }
        if (model.isPersonal(name)) {
            problems.add(
                    at + "/attribute",
                    Problems.quoted(name)
                            + " is personal: conditions cannot use it. Use a flag such as"
                            + " reachable.email, or an attribute that is not personal");
            return null;
        }
        boolean zoneGood = true;
        boolean memberZone = false;
        if (node.has("zone")) {
            Boolean zone = literals.zone(node.get("zone"), at + "/zone");
            zoneGood = zone != null;
            memberZone = Boolean.TRUE.equals(zone);
        }
        Duration setWithin = null;
        boolean setWithinGood = true;
        if (node.has("setWithin")) {
            setWithin = literals.duration(node.get("setWithin"), at + "/setWithin", false, false);
            setWithinGood = setWithin != null;
        }
        List<String> besides = List.of("attribute", "setWithin", "zone");
        Comparison comparison;
        if (node.has("setWithin") && ComparisonReader.comparatorsOf(node, besides).isEmpty()) {
            comparison = new Comparison.Exists();
        } else {
            comparison = comparisons.comparison(node, at, type, besides, "attribute " + name);
        }
        return comparison == null || !zoneGood || !setWithinGood
                ? null
                : new Condition.Attribute(name, comparison, setWithin, memberZone);
    }

    private String unknownAttribute(String name) {
        if (name.equals(ProgramModel.AGE)) {
            return "age is derived from birthDate: declare the attribute birthDate with type date";
        }
        if (model.isPersonal(name)) {
            return Problems.quoted(name) + " is personal: conditions cannot use it";
        }
        if (name.startsWith("consent.")) {
            return "expected consent.<purpose>.<channel>, came " + Problems.quoted(name);
        }
        if (name.startsWith("reachable.")) {
            return "expected reachable.<channel>, came " + Problems.quoted(name);
        }
        Set<String> names = model.attributeNames();
        return "unknown attribute "
                + Problems.quoted(name)
                + Problems.nearest(name, names)
                + Problems.known("attributes", names);
    }

    private @Nullable Condition score(JsonNode node, String at) {
        String name = problems.text(node.get("score"), at + "/score", "the name of a score");
        if (name == null) {
            return null;
        }
        ValueType type = model.scoreType(name);
        if (type == null) {
            Set<String> names = model.scoreNames();
            problems.add(
                    at + "/score",
                    "unknown score "
                            + Problems.quoted(name)
                            + Problems.nearest(name, names)
                            + Problems.known("scores", names));
            return null;
        }
        if (node.has("setWithin")) {
            problems.add(
                    at + "/setWithin",
                    "setWithin asks how old the answer of a member is; a score is no answer");
            return null;
        }
        int before = problems.size();
        boolean memberZone =
                node.has("zone")
                        && Boolean.TRUE.equals(literals.zone(node.get("zone"), at + "/zone"));
        Comparison comparison =
                comparisons.comparison(node, at, type, List.of("score", "zone"), "score " + name);
        return comparison == null || problems.size() > before
                ? null
                : new Condition.Score(name, comparison, memberZone);
    }

    private @Nullable Condition segment(JsonNode node, String at) {
        problems.onlyKeys(node, at, List.of("segment"));
        String key = reference(node, at);
        return key == null ? null : new Condition.Segment(key);
    }

    private @Nullable Condition transition(JsonNode node, String at, String form) {
        problems.onlyKeys(node, at, List.of(form, "within", "zone"));
        String place = at + "/" + form;
        JsonNode of = node.get(form);
        if (!model.areTransitionsRecorded()) {
            problems.add(
                    place,
                    form
                            + " needs the recorded changes of segments, which are not kept here;"
                            + " use {\"segment\":…} for who is in a segment now");
            return null;
        }
        if (!of.isObject() || !of.has("segment")) {
            problems.add(
                    place,
                    "expected {\"segment\":key}, came "
                            + (of.isObject()
                                    ? "the keys " + Problems.list(Problems.names(of))
                                    : Problems.kind(of)));
            return null;
        }
        int before = problems.size();
        problems.onlyKeys(of, place, List.of("segment"));
        String key = reference(of, place);
        WindowReader.Within within = windows.read(node, at);
        return key == null || within == null || problems.size() > before
                ? null
                : new Condition.Transition(
                        key, form.equals("entered"), within.window(), within.memberZone());
    }

    /** The key of a segment that may be referred to. */
    private @Nullable String reference(JsonNode node, String at) {
        String key = problems.text(node.get("segment"), at + "/segment", "the key of a segment");
        if (key == null) {
            return null;
        }
        if (ownKey.isPresent() && ownKey.get().equals(key)) {
            problems.add(
                    at + "/segment", "segment " + Problems.quoted(key) + " would refer to itself");
            return null;
        }
        if (!model.segments().containsKey(key)) {
            Set<String> names = new TreeSet<>(model.segments().keySet());
            problems.add(
                    at + "/segment",
                    "unknown segment "
                            + Problems.quoted(key)
                            + Problems.nearest(key, names)
                            + Problems.known("segments", names));
            return null;
        }
        if (ownKey.isPresent()) {
            List<String> cycle = model.cycle(key, Set.of(ownKey.get()));
            if (!cycle.isEmpty()) {
                problems.add(
                        at + "/segment",
                        "segments would refer to each other in a circle: "
                                + ownKey.get()
                                + " > "
                                + String.join(" > ", cycle));
                return null;
            }
        }
        return key;
    }

    private @Nullable Condition sample(JsonNode node, String at) {
        problems.onlyKeys(node, at, List.of("sample"));
        JsonNode sample = node.get("sample");
        String place = at + "/sample";
        if (!sample.isObject()) {
            problems.add(
                    place,
                    "expected {\"percent\":10,\"salt\":\"a\"}, came " + Problems.kind(sample));
            return null;
        }
        problems.onlyKeys(sample, place, List.of("percent", "salt"));
        JsonNode percent = sample.get("percent");
        BigDecimal share =
                percent != null && percent.isNumber() ? LiteralReader.exact(percent) : null;
        boolean percentGood =
                share != null
                        && share.signum() >= 0
                        && share.compareTo(BigDecimal.valueOf(100)) <= 0
                        && share.stripTrailingZeros().scale() <= 4;
        if (!percentGood) {
            problems.add(
                    place + "/percent",
                    "expected a number from 0 to 100 with at most 4 decimal places, came "
                            + Problems.shown(percent));
        }
        JsonNode salt = sample.get("salt");
        String text = salt == null ? null : problems.text(salt, place + "/salt", "a text");
        if (salt == null) {
            problems.add(place + "/salt", "expected a text: another salt draws another sample");
        }
        return !percentGood || share == null || text == null
                ? null
                : new Condition.Sample(share, text);
    }
}
