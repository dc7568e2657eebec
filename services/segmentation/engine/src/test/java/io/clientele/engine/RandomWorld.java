package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A program, a member's inputs in a random order, and a condition, all from one seed. Times lie on
 * a coarse grid around a day on which the zone does something, so that borders and equal instants
 * are met often.
 */
final class RandomWorld {
    /** Zones with a day near which their clocks do something. */
    private record Setting(String zone, String day) {}

    private static final List<Setting> SETTINGS =
            List.of(
                    new Setting("UTC", "2026-01-15"),
                    new Setting("Europe/Berlin", "2026-03-29"),
                    new Setting("Europe/Berlin", "2025-10-26"),
                    new Setting("America/New_York", "2024-03-10"),
                    new Setting("Asia/Kolkata", "2024-02-29"),
                    new Setting("Africa/Cairo", "2024-04-26"),
                    new Setting("America/Havana", "2023-03-12"),
                    new Setting("America/St_Johns", "2007-11-04"),
                    new Setting("Pacific/Apia", "2011-12-30"),
                    new Setting("Australia/Lord_Howe", "2025-04-06"),
                    new Setting("Asia/Bangkok", "2023-12-31"));

    private static final List<String> DURATIONS =
            List.of("PT1H", "PT12H", "P1D", "PT36H", "P2D", "P7D", "P30D");
    private static final List<String> DAYS = List.of("P1D", "P2D", "P7D", "P30D");
    private static final List<String> COUNTRIES =
            List.of("TH", "th", "VN", "Köln", "KO\u0308LN", "Koln", "de");
    private static final List<String> STORES = List.of("s1", "S1", "s2", "s3");
    private static final List<String> CATEGORIES = List.of("shoes", "Shoes", "hats", "socks");
    private static final List<String> INTERESTS = List.of("running", "Hiking", "gaming", "travel");
    private static final List<String> SCORES = List.of("rfm.group", "rank.spend", "due");
    private static final List<String> GROUPS = List.of("Champions", "loyal", "LOYAL");
    private static final List<String> AMOUNTS =
            List.of("0", "1", "10", "10.5", "33.333333", "100", "0.000001");
    private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

    final long seed;
    final Random random;
    final ProgramModel model;
    final Instant base;
    final ZoneId zone;
    final Oracle.Inputs inputs;
    final MemberHistory history;
    final JsonNode json;
    final Condition condition;
    final Map<String, JsonNode> segments = new LinkedHashMap<>();
    private final DayOfWeek weekStart;

    /** Those of {@link #interesting()}, once they are asked for. */
    private final List<Instant> instants = new ArrayList<>();

    /** What this world has more of, so that rare meetings happen. */
    private enum Focus {
        NOTHING,
        AGES,
        TIMES_IN_WHERE,
        MEMBER_ZONES
    }

    private final Focus focus;

    RandomWorld(long seed) {
        this.seed = seed;
        random = new Random(seed);
        focus = Focus.values()[random.nextInt(Focus.values().length)];
        Setting setting = pick(SETTINGS);
        zone = ZoneId.of(setting.zone());
        weekStart = random.nextInt(3) == 0 ? DayOfWeek.SUNDAY : DayOfWeek.MONDAY;
        base = LocalDate.parse(setting.day()).atStartOfDay(zone).toInstant();
        ProgramModel plain = Worlds.shopBuilder(zone).weekStart(weekStart).build();
        segments.put("inner", condition(1));
        Condition inner = Conditions.read(segments.get("inner"), plain);
        ProgramModel withInner = plain.withSegments(Map.of("inner", inner));
        segments.put("outer", condition(1));
        Condition outer = Conditions.read(segments.get("outer"), withInner);
        model = plain.withSegments(Map.of("inner", inner, "outer", outer));
        inputs = inputs();
        history = history();
        json = condition(3);
        condition = Conditions.read(json, model);
    }

    /** Another member of the same program. */
    private RandomWorld(RandomWorld program, long seed) {
        this.seed = seed;
        random = new Random(seed);
        focus = program.focus;
        zone = program.zone;
        weekStart = program.weekStart;
        base = program.base;
        segments.putAll(program.segments);
        model = program.model;
        inputs = inputs();
        history = history();
        json = program.json;
        condition = program.condition;
    }

    /** Another condition of the same program. */
    JsonNode anotherCondition() {
        return condition(3);
    }

    /** Another member of the same program, asked the same condition. */
    RandomWorld another() {
        return new RandomWorld(this, random.nextLong() >>> 16);
    }

    String describe() {
        return "seed "
                + seed
                + " (replay with -Dtest.seed="
                + seed
                + ")\ncondition "
                + json
                + "\nsegments "
                + segments
                + "\nzone "
                + zone
                + " week "
                + weekStart
                + "\nevents "
                + inputs.events()
                + "\nchanges "
                + inputs.changes()
                + "\nretracted "
                + inputs.retracted()
                + "\ncrossings "
                + inputs.crossings()
                + "\nscores "
                + inputs.scores();
    }

    boolean naive(Instant at) {
        return naive(json, at);
    }

    boolean naive(JsonNode other, Instant at) {
        return naive(other, inputs, at);
    }

    /** The verdict if nothing but {@code known} had been sent of the member. */
    boolean naive(JsonNode other, Oracle.Inputs known, Instant at) {
        return new Oracle(
                        segments,
                        Map.of(
                                "country", "string",
                                "income", "number",
                                "children", "integer",
                                "newsletter", "boolean",
                                "interests", "strings",
                                "home", "place",
                                "birthDate", "date",
                                "contractEnd", "date",
                                "enrolledAt", "timestamp"),
                        Map.of(
                                "amount", "number",
                                "quantity", "number",
                                "until", "date",
                                "since", "timestamp"),
                        zone,
                        weekStart,
                        known,
                        at)
                .matches(other);
    }

    /** Instants at which something may happen, and those just before; sorted. */
    TreeSet<Instant> interesting() {
        Set<Instant> marks = new HashSet<>();
        inputs.events().forEach(event -> marks.add(event.occurredAt()));
        inputs.crossings().forEach(crossing -> marks.add(crossing.at()));
        inputs.scores().forEach(score -> marks.add(score.at()));
        for (Oracle.Sent event : inputs.events()) {
            if (event.properties().get("since") instanceof String text) {
                marks.add(Instant.parse(text));
            }
        }
        for (Oracle.Change change : inputs.changes()) {
            marks.add(change.at());
            if (change.name().equals("enrolledAt") && change.value() instanceof String text) {
                marks.add(Instant.parse(text));
            }
        }
        TreeSet<Instant> all = new TreeSet<>();
        for (Instant mark : marks) {
            all.add(mark);
            for (String text : DURATIONS) {
                all.add(mark.plus(Duration.parse(text)));
                all.add(mark.minus(Duration.parse(text)));
                // Twice a period, and a span after which a window ends.
                for (String more : DURATIONS) {
                    all.add(mark.plus(Duration.parse(text)).plus(Duration.parse(more)));
                }
            }
        }
        for (ZoneId place : List.of(zone, ZoneId.of("America/New_York"), ZoneId.of("Asia/Tokyo"))) {
            LocalDate day = base.atZone(place).toLocalDate().minusDays(45);
            for (int i = 0; i < 100; i++) {
                all.add(day.plusDays(i).atStartOfDay(place).toInstant());
            }
        }
        new ArrayList<>(all).forEach(instant -> all.add(instant.minusMillis(1)));
        return all;
    }

    Instant instant() {
        if (instants.isEmpty()) {
            instants.addAll(interesting());
        }
        return random.nextInt(4) == 0
                ? base.plus(random.nextInt(80 * 24 * 60) - 40L * 24 * 60, ChronoUnit.MINUTES)
                : instants.get(random.nextInt(instants.size()));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** On a grid of hours within some weeks around the base, mostly close to it. */
    private Instant time() {
        int spread = random.nextBoolean() ? 72 : 24 * 40;
        long hours = random.nextInt(2 * spread) - spread;
        return base.plus(hours, ChronoUnit.HOURS);
    }

    private LocalDate date() {
        LocalDate day = base.atZone(zone).toLocalDate();
        return switch (random.nextInt(4)) {
            case 0 -> day.plusDays(random.nextInt(9) - 4L);
            case 1 -> day.minusYears(18 + random.nextInt(8)).plusDays(random.nextInt(9) - 4L);
            case 2 -> LocalDate.of(2000, 2, 28 + random.nextInt(2));
            default -> day.plusDays(random.nextInt(90) - 45L);
        };
    }

    private Oracle.Inputs inputs() {
        List<Oracle.Sent> events = new ArrayList<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String type =
                    focus == Focus.TIMES_IN_WHERE
                            ? pick(List.of("tier.changed", "app.opened"))
                            : pick(List.of("purchase", "purchase", "return", "tier.changed"));
            events.add(
                    new Oracle.Sent(
                            pick(List.of("pos", "web")),
                            "e" + random.nextInt(30),
                            type,
                            time(),
                            properties(type)));
        }
        // What is sent twice under one name is the same.
        Map<String, Oracle.Sent> byName = new LinkedHashMap<>();
        events.forEach(event -> byName.putIfAbsent(event.source() + "/" + event.id(), event));
        List<Oracle.Sent> sent = new ArrayList<>(byName.values());
        if (!sent.isEmpty()) {
            sent.add(pick(sent));
        }
        Collections.shuffle(sent, random);
        List<Oracle.Change> changes = new ArrayList<>();
        Set<String> used = new HashSet<>();
        int changeCount = random.nextInt(14);
        for (int i = 0; i < changeCount; i++) {
            String name =
                    pick(
                            List.of(
                                    "country",
                                    "birthDate",
                                    "income",
                                    "children",
                                    "newsletter",
                                    "interests",
                                    "home",
                                    "enrolledAt",
                                    "contractEnd",
                                    "timeZone",
                                    focus == Focus.MEMBER_ZONES ? "timeZone" : "birthDate"));
            String id = "c" + random.nextInt(40);
            if (used.add(name + id)) {
                changes.add(new Oracle.Change(name, attributeValue(name), time(), "crm", id));
            }
        }
        Set<String> retracted = new HashSet<>();
        if (random.nextInt(3) == 0) {
            retracted.add("pos/e" + random.nextInt(30));
            retracted.add("crm/c" + random.nextInt(40));
            if (!sent.isEmpty()) {
                Oracle.Sent one = pick(sent);
                retracted.add(one.source() + "/" + one.id());
            }
        }
        List<Oracle.Crossing> crossings = new ArrayList<>();
        int crossingCount = random.nextInt(8);
        for (int i = 0; i < crossingCount; i++) {
            crossings.add(
                    new Oracle.Crossing(
                            pick(List.of("inner", "outer")), random.nextBoolean(), time()));
        }
        List<Oracle.Change> scores = new ArrayList<>();
        int scoreCount = random.nextInt(6);
        for (int i = 0; i < scoreCount; i++) {
            String name = pick(SCORES);
            String id = "r" + i;
            Object value =
                    random.nextInt(6) == 0
                            ? null
                            : switch (name) {
                                case "rfm.group" -> pick(GROUPS);
                                case "due" -> date().toString();
                                default -> new BigDecimal(pick(AMOUNTS));
                            };
            scores.add(new Oracle.Change(name, value, time(), "models", id));
            if (random.nextInt(10) == 0) {
                retracted.add("models/" + id);
            }
        }
        return new Oracle.Inputs(sent, changes, retracted, crossings, scores);
    }

    private Map<String, Object> properties(String type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        switch (type) {
            case "purchase", "return" -> {
                properties.put("amount", new BigDecimal(pick(AMOUNTS)));
                if (type.equals("purchase")) {
                    if (random.nextBoolean()) {
                        properties.put("store", pick(STORES));
                    }
                    if (random.nextInt(3) == 0) {
                        properties.put("coupons", List.of(pick(CATEGORIES), pick(CATEGORIES)));
                    }
                    properties.put("channel", pick(List.of("web", "store", "")));
                }
                List<Object> items = new ArrayList<>();
                int lines = random.nextInt(3);
                for (int i = 0; i < lines; i++) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("sku", "k" + random.nextInt(4));
                    line.put("quantity", random.nextInt(3));
                    line.put("amount", new BigDecimal(pick(AMOUNTS)));
                    if (random.nextInt(4) != 0) {
                        line.put("category", pick(CATEGORIES));
                    }
                    items.add(line);
                }
                properties.put("items", items);
            }
            case "tier.changed" -> {
                properties.put("to", pick(List.of("gold", "silver")));
                if (random.nextBoolean()) {
                    properties.put("until", date().toString());
                }
            }
            default -> {
                properties.put("os", pick(List.of("ios", "android")));
                properties.put("beta", random.nextBoolean());
                if (random.nextBoolean()) {
                    properties.put("since", time().toString());
                }
            }
        }
        return properties;
    }

    private @Nullable Object attributeValue(String name) {
        if (random.nextInt(8) == 0) {
            return null;
        }
        return switch (name) {
            case "country" -> random.nextInt(8) == 0 ? "" : pick(COUNTRIES);
            case "income" -> new BigDecimal(pick(AMOUNTS));
            case "children" -> random.nextInt(4);
            case "newsletter" -> random.nextBoolean();
            case "interests" ->
                    random.nextInt(5) == 0 ? List.of() : List.of(pick(INTERESTS), pick(INTERESTS));
            case "home" -> Map.of("latitude", 13 + random.nextInt(10) / 10.0, "longitude", 100.5);
            case "enrolledAt" -> time().toString();
            case "timeZone" ->
                    pick(List.of("America/New_York", "America/New_York", "Asia/Tokyo", "No/Land"));
            default -> date().toString();
        };
    }

    /** Applies the inputs in their random order, retractions somewhere in between. */
    private MemberHistory history() {
        MemberHistory built = new MemberHistory("m-" + seed);
        List<Runnable> steps = new ArrayList<>();
        for (Oracle.Sent event : inputs.events()) {
            steps.add(() ->
                    built.addEvent(
                            model,
                            event.source(),
                            event.id(),
                            event.type(),
                            event.occurredAt(),
                            event.properties()));
        }
        for (Oracle.Change change : inputs.changes()) {
            steps.add(() ->
                    built.addAttribute(
                            model,
                            change.name(),
                            change.value(),
                            change.at(),
                            change.source(),
                            change.id()));
        }
        for (Oracle.Crossing crossing : inputs.crossings()) {
            steps.add(() ->
                    built.addTransition(crossing.segment(), crossing.entered(), crossing.at()));
        }
        for (Oracle.Change score : inputs.scores()) {
            steps.add(() ->
                    built.addScore(
                            model,
                            score.name(),
                            score.value(),
                            score.at(),
                            score.source(),
                            score.id()));
        }
        for (String retracted : inputs.retracted()) {
            String[] reference = retracted.split("/", -1);
            steps.add(() -> built.retract(reference[0], reference[1]));
        }
        Collections.shuffle(steps, random);
        steps.forEach(Runnable::run);
        return random.nextBoolean() ? built : MemberHistory.decode(built.member(), built.encode());
    }

    // Conditions

    private ObjectNode condition(int depth) {
        ObjectNode node = NODES.objectNode();
        int form = depth == 0 ? 5 + random.nextInt(5) : random.nextInt(16);
        switch (form) {
            case 0 -> node.set("all", conditions(depth, 0));
            case 1 -> node.set("any", conditions(depth, 0));
            case 2 -> {
                ArrayNode of = conditions(depth, 1);
                node.put("atLeast", 1 + random.nextInt(of.size()));
                node.set("of", of);
            }
            case 3, 4 -> node.set("not", condition(depth - 1));
            case 5, 6 -> attribute(node);
            case 10 -> {
                if (segments.isEmpty()) {
                    attribute(node);
                } else {
                    node.put("segment", pick(new ArrayList<>(segments.keySet())));
                }
            }
            case 11 -> trend(node);
            case 12 -> sequence(node);
            case 14 -> score(node);
            case 13 -> {
                if (segments.isEmpty()) {
                    event(node);
                } else {
                    crossing(node);
                }
            }
            default -> event(node);
        }
        return node;
    }

    private void score(ObjectNode node) {
        String name = pick(SCORES);
        node.put("score", name);
        if (random.nextInt(3) == 0) {
            node.put("zone", "member");
        }
        switch (name) {
            case "rfm.group" -> text(node, GROUPS);
            case "due" -> time(node, true);
            default -> number(node, AMOUNTS);
        }
    }

    private void crossing(ObjectNode node) {
        node.putObject(random.nextBoolean() ? "entered" : "left")
                .put("segment", pick(new ArrayList<>(segments.keySet())));
        if (random.nextInt(4) != 0) {
            node.set("within", window());
        }
        if (random.nextInt(focus == Focus.MEMBER_ZONES ? 1 : 4) == 0) {
            node.put("zone", "member");
        }
    }

    private void trend(ObjectNode node) {
        ObjectNode trend = node.putObject("trend");
        String type = pick(List.of("purchase", "spend", "purchase.item", "spend.item"));
        trend.put("event", type);
        if (random.nextInt(4) == 0) {
            trend.set("where", where(type, 1));
        }
        if (random.nextBoolean()) {
            trend.putObject("measure").put(pick(List.of("sum", "average", "min", "max")), "amount");
        }
        trend.put("period", pick(DURATIONS));
        number(node, List.of("-1", "-0.5", "0", "0.5", "1"));
    }

    private void sequence(ObjectNode node) {
        ArrayNode steps = node.putArray("sequence");
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            String type = pick(List.of("purchase", "return", "tier.changed", "purchase.item"));
            ObjectNode step = steps.addObject().put("event", type);
            if (random.nextInt(4) == 0) {
                step.set("where", where(type, 1));
            }
            if (i == count - 1 && random.nextInt(3) == 0) {
                step.put("absent", true);
            }
        }
        node.put("span", pick(DURATIONS));
        if (random.nextBoolean()) {
            node.set("within", window());
        }
        if (random.nextInt(4) == 0) {
            node.put("zone", "member");
        }
    }

    private ArrayNode conditions(int depth, int atLeast) {
        ArrayNode array = NODES.arrayNode();
        int count = atLeast + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            array.add(condition(depth - 1));
        }
        return array;
    }

    private void attribute(ObjectNode node) {
        String name =
                focus == Focus.AGES && random.nextBoolean()
                        ? "age"
                        : pick(
                                List.of(
                                        "country",
                                        "age",
                                        "birthDate",
                                        "income",
                                        "children",
                                        "newsletter",
                                        "interests",
                                        "home",
                                        "enrolledAt",
                                        "contractEnd"));
        node.put("attribute", name);
        if (random.nextInt(6) == 0) {
            node.put("setWithin", pick(DURATIONS));
            if (random.nextBoolean()) {
                return;
            }
        }
        if (random.nextInt(3) == 0) {
            node.put("zone", "member");
        }
        switch (name) {
            case "country" -> text(node, COUNTRIES);
            case "age" -> age(node);
            case "income", "children" -> number(node, AMOUNTS);
            case "newsletter" -> node.put("equals", random.nextBoolean());
            case "interests" -> set(node);
            case "home" -> {
                ObjectNode near = node.putObject("withinKm");
                if (random.nextBoolean()) {
                    near.putObject("of").put("latitude", 13.5).put("longitude", 100.5);
                } else {
                    near.putObject("of").put("store", pick(List.of("s1", "s2")));
                }
                near.put("km", 1 + random.nextInt(60));
            }
            case "enrolledAt" -> time(node, false);
            default -> time(node, true);
        }
    }

    private void text(ObjectNode node, List<String> values) {
        switch (random.nextInt(5)) {
            case 0 -> node.put("equals", pick(values));
            case 1 -> node.putArray("in").add(pick(values)).add(pick(values));
            case 2 -> node.put("contains", pick(values).substring(1));
            case 3 -> node.put("startsWith", pick(values).substring(0, 1));
            default -> node.put("exists", true);
        }
    }

    private void set(ObjectNode node) {
        switch (random.nextInt(4)) {
            case 0 -> node.put("contains", pick(INTERESTS));
            case 1 -> node.putArray("containsAny").add(pick(INTERESTS)).add(pick(INTERESTS));
            case 2 -> node.putArray("containsAll").add(pick(INTERESTS)).add(pick(INTERESTS));
            default -> node.put("exists", true);
        }
    }

    private void age(ObjectNode node) {
        int bound = 17 + random.nextInt(10);
        switch (random.nextInt(4)) {
            case 0 -> node.put("atLeast", bound);
            case 1 -> node.put("lessThan", bound);
            case 2 -> node.putArray("between").add(bound).add(bound + random.nextInt(10));
            default -> node.put("equals", bound);
        }
    }

    private void number(ObjectNode node, List<String> values) {
        BigDecimal bound = new BigDecimal(pick(values));
        switch (random.nextInt(8)) {
            case 0 -> node.put("equals", bound);
            case 1 -> node.put("greaterThan", bound);
            case 2 -> node.put("lessThan", bound);
            case 3 -> node.put("atMost", bound);
            case 4 -> node.putArray("in").add(bound).add(new BigDecimal(pick(values)));
            case 5 -> node.putArray("between").add(bound).add(bound.add(BigDecimal.TEN));
            default -> node.put("atLeast", bound);
        }
    }

    private String moment() {
        return random.nextBoolean() ? date().toString() : time().toString();
    }

    private void time(ObjectNode node, boolean days) {
        switch (random.nextInt(8)) {
            case 0 -> node.put("before", moment());
            case 1 -> node.put("after", moment());
            case 2, 3 -> node.put("withinLast", pick(days ? DAYS : DURATIONS));
            case 4 -> node.put("withinNext", pick(days ? DAYS : DURATIONS));
            case 5, 6 -> node.put("anniversaryWithinNext", pick(DAYS));
            default -> node.put("equals", moment());
        }
    }

    private void event(ObjectNode node) {
        List<String> timed = List.of("tier.changed", "app.opened");
        String type =
                pick(
                        focus == Focus.TIMES_IN_WHERE
                                ? timed
                                : List.of(
                                        "purchase",
                                        "purchase",
                                        "return",
                                        "purchase.item",
                                        "return.item",
                                        "spend",
                                        "spend.item",
                                        "tier.changed",
                                        "app.opened"));
        node.put("event", type);
        if (random.nextInt(focus == Focus.TIMES_IN_WHERE ? 1 : 3) == 0) {
            node.set("where", where(type, 2));
        }
        if (random.nextInt(4) != 0) {
            node.set("within", window());
        }
        if (random.nextInt(focus == Focus.MEMBER_ZONES ? 1 : 4) == 0) {
            node.put("zone", "member");
        }
        measure(node, type);
    }

    private ObjectNode where(String type, int depth) {
        ObjectNode node = NODES.objectNode();
        if (depth > 0 && random.nextInt(3) == 0) {
            switch (random.nextInt(3)) {
                case 0 ->
                        node.putArray("all")
                                .add(where(type, depth - 1))
                                .add(where(type, depth - 1));
                case 1 ->
                        node.putArray("any")
                                .add(where(type, depth - 1))
                                .add(where(type, depth - 1));
                default -> node.set("not", where(type, depth - 1));
            }
            return node;
        }
        String property =
                timed(type) && focus == Focus.TIMES_IN_WHERE && random.nextBoolean()
                        ? type.equals("tier.changed") ? "until" : "since"
                        : pick(propertiesOf(type));
        node.put("property", property);
        switch (property) {
            case "amount", "quantity" -> number(node, AMOUNTS);
            case "beta" -> node.put("equals", random.nextBoolean());
            case "until" -> time(node, true);
            case "since" -> time(node, false);
            case "coupons" -> node.put("contains", pick(CATEGORIES));
            case "store" -> text(node, STORES);
            default -> text(node, CATEGORIES);
        }
        return node;
    }

    private static boolean timed(String type) {
        return type.equals("tier.changed") || type.equals("app.opened");
    }

    private static List<String> propertiesOf(String type) {
        return switch (type) {
            case "purchase" -> List.of("amount", "store", "channel", "coupons");
            case "spend" -> List.of("amount", "store");
            case "return" -> List.of("amount");
            case "tier.changed" -> List.of("to", "until");
            case "app.opened" -> List.of("os", "beta", "since");
            case "return.item" -> List.of("category", "sku", "quantity", "amount");
            default -> List.of("category", "sku", "quantity", "amount", "store");
        };
    }

    private ObjectNode window() {
        ObjectNode node = NODES.objectNode();
        switch (random.nextInt(6)) {
            case 0, 1 -> node.put("last", pick(DURATIONS));
            case 2 -> {
                int end = random.nextInt(DURATIONS.size() - 1);
                node.putObject("from")
                        .put(
                                "ago",
                                DURATIONS.get(
                                        end + 1 + random.nextInt(DURATIONS.size() - 1 - end)));
                node.putObject("to").put("ago", DURATIONS.get(end));
            }
            case 3 -> {
                Instant from = time();
                if (random.nextInt(4) != 0) {
                    node.put("from", from.toString());
                }
                if (node.isEmpty() || random.nextBoolean()) {
                    node.put("to", from.plus(1 + random.nextInt(200), ChronoUnit.HOURS).toString());
                }
            }
            default ->
                    node.put(
                            random.nextBoolean() ? "current" : "previous",
                            pick(List.of("day", "week", "month", "quarter", "year")));
        }
        return node;
    }

    private void measure(ObjectNode node, String type) {
        boolean amounts = !type.equals("tier.changed") && !type.equals("app.opened");
        switch (random.nextInt(amounts ? 12 : 7)) {
            case 0, 1 -> {}
            case 2 -> number(node, List.of("0", "1", "2", "3"));
            case 3 -> {
                node.put("measure", pick(List.of("first", "last")));
                String literal = moment();
                switch (random.nextInt(4)) {
                    case 0 -> node.put("before", literal);
                    case 1 -> node.put("withinLast", pick(DURATIONS));
                    case 2 -> node.put("anniversaryWithinNext", pick(DAYS));
                    default -> node.put("after", literal);
                }
            }
            case 4 -> {
                node.putObject("measure").put("distinct", pick(propertiesOf(type)));
                number(node, List.of("0", "1", "2"));
            }
            case 5 -> {
                switch (type) {
                    case "tier.changed" -> {
                        node.putObject("measure").put(pick(List.of("min", "max")), "until");
                        time(node, true);
                    }
                    case "app.opened" -> {
                        node.putObject("measure").put(pick(List.of("min", "max")), "since");
                        time(node, false);
                    }
                    default -> {
                        node.putObject("measure").put(pick(List.of("min", "max")), "amount");
                        number(node, AMOUNTS);
                    }
                }
            }
            case 6 -> {
                String property =
                        switch (type) {
                            case "purchase", "spend" -> pick(List.of("store", "coupons"));
                            case "return" -> "amount";
                            case "tier.changed" -> "to";
                            case "app.opened" -> pick(List.of("os", "since"));
                            default -> "category";
                        };
                node.putObject("measure").put("favorite", property);
                if (property.equals("amount")) {
                    number(node, AMOUNTS);
                } else if (property.equals("since")) {
                    time(node, false);
                } else {
                    text(node, property.equals("store") ? STORES : CATEGORIES);
                }
            }
            case 7, 8 -> {
                node.putObject("measure").put("sum", "amount");
                number(node, AMOUNTS);
            }
            case 9, 10 -> {
                node.putObject("measure").put("average", "amount");
                number(node, AMOUNTS);
            }
            default -> {
                ObjectNode share = node.putObject("measure").putObject("share");
                share.put("of", "amount");
                share.set("where", where(type, 1));
                number(node, List.of("0", "0.5", "1", "0.333333"));
            }
        }
    }
}
