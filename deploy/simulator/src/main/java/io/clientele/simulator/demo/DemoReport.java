package io.clientele.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.world.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the demo prints at its end. */
final class DemoReport {
    private static final int WIDTH = 100;
    private static final int EXITS = 3;
    private static final List<String> EXPLAINED =
            List.of("declining-high-spenders", "lapsed-high-spenders", "vip", "average");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final World world;
    private final DemoSegments segments;
    private final PlatformClient admin;
    private final PlatformClient engine;
    private final InstantSource clock;
    private final Screen screen;
    private @Nullable String feedPosition;

    DemoReport(
            World world,
            DemoSegments segments,
            PlatformClient admin,
            PlatformClient engine,
            InstantSource clock,
            Screen screen) {
        this.world = world;
        this.segments = segments;
        this.admin = admin;
        this.engine = engine;
        this.clock = clock;
        this.screen = screen;
    }

    /** Notes where the feed of memberships is before the live minute. */
    void begin() {
        readFeed();
    }

    void print(LiveMinute.Truth truth) {
        List<JsonNode> exits = exits();
        segments();
        campaign(truth);
        exits(exits);
        explain();
    }

    /** What the feed has after the last position. */
    private List<JsonNode> readFeed() {
        List<JsonNode> all = new ArrayList<>();
        while (true) {
            String after =
                    feedPosition == null
                            ? ""
                            : "&after=" + URLEncoder.encode(feedPosition, StandardCharsets.UTF_8);
            List<JsonNode> page = engine.lines("/v1/feeds/memberships?limit=10000" + after);
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            feedPosition = page.getLast().path("position").asText();
        }
    }

    /** Three memberships that the clock ended; of as many segments as there are. */
    private List<JsonNode> exits() {
        Map<String, JsonNode> bySegment = new LinkedHashMap<>();
        List<JsonNode> ended = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ended.size() < EXITS && System.nanoTime() < deadline) {
            for (JsonNode change : readFeed()) {
                if (change.path("change").asText().equals("left")
                        && change.path("cause").asText().equals("time")) {
                    ended.add(change);
                    bySegment.putIfAbsent(change.path("segment").asText(), change);
                }
            }
            if (ended.size() < EXITS) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        List<JsonNode> chosen = new ArrayList<>(bySegment.values());
        for (JsonNode change : ended.reversed()) {
            if (chosen.size() < EXITS && !chosen.contains(change)) {
                chosen.add(change);
            }
        }
        return chosen.subList(0, Math.min(EXITS, chosen.size()));
    }

    private void segments() {
        Map<String, Long> sizes = segments.sizes(admin);
        Instant posted = clock.instant();
        JsonNode report =
                await(
                        () -> admin.get("/v1/reports/segments").require(200).json(),
                        answer -> isAsOf(answer, posted));
        Map<String, JsonNode> byKey = new LinkedHashMap<>();
        report.path("items").forEach(item -> byKey.put(item.path("segment").asText(), item));
        heading(
                "Segments of "
                        + number(world.people())
                        + " people; what members bought while inside, "
                        + report.path("from").asText()
                        + " to "
                        + report.path("to").asText());
        line(
                "%-32s %8s %8s %16s %12s",
                "", "size", "share", "revenue " + report.path("currency").asText(), "AOV");
        for (DemoSegments.Segment segment : segments.segments()) {
            JsonNode item = byKey.get(segment.key());
            long size =
                    item != null && item.hasNonNull("size")
                            ? item.path("size").asLong()
                            : sizes.getOrDefault(segment.key(), 0L);
            line(
                    "%-32s %,8d %6.1f %% %16s %12s",
                    segment.name(),
                    size,
                    100.0 * size / world.people(),
                    money(item, "revenue"),
                    money(item, "averageOrderValue"));
        }
    }

    private static String money(@Nullable JsonNode item, String name) {
        return item != null && item.hasNonNull(name)
                ? String.format(Locale.ROOT, "%,.2f", item.path(name).asDouble())
                : "-";
    }

    private void campaign(LiveMinute.Truth truth) {
        DemoSegments.Campaign campaign = segments.campaign();
        JsonNode results = results(campaign.key(), truth);
        JsonNode uplift = results.path("uplift");
        heading(
                "Campaign \""
                        + campaign.key()
                        + "\" on \""
                        + segments.nameOf(campaign.segment())
                        + "\": bought within a minute?");
        arm("contacted", group(results, "treated"));
        arm("held back as control", group(results, "control"));
        if (uplift.hasNonNull("difference")) {
            double lower = 100 * uplift.path("lower").asDouble();
            double upper = 100 * uplift.path("upper").asDouble();
            double effect = 100 * truth.effect();
            line(
                    "%-32s %+6.1f points, 95 %% between %+.1f and %+.1f, p = %s",
                    "uplift as measured",
                    100 * uplift.path("difference").asDouble(),
                    lower,
                    upper,
                    probability(uplift.path("pValue").asDouble()));
            line(
                    "%-32s %+6.1f points, which only the simulator knows: %s the interval",
                    "true effect of a contact",
                    effect,
                    effect >= lower && effect <= upper ? "inside" : "outside");
        } else {
            line("%-32s not to be told: %s", "uplift", uplift.path("sufficiency").asText());
            line("%-32s %+6.1f points", "true effect of a contact", 100 * truth.effect());
        }
    }

    private static String probability(double value) {
        return value < 0.0001 ? "below 0.0001" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static JsonNode group(JsonNode results, String arm) {
        for (JsonNode group : results.path("arms")) {
            if (group.path("arm").asText().equals(arm)) {
                return group;
            }
        }
        return MissingNode.getInstance();
    }

    private void arm(String name, JsonNode arm) {
        line(
                "%-32s %6.1f %%: %,d of %,d members",
                name,
                100 * arm.path("conversionRate").asDouble(),
                arm.path("goalMembers").asLong(),
                arm.path("members").asLong());
    }

    /** The results once they know of everything that was posted. */
    private JsonNode results(String campaign, LiveMinute.Truth truth) {
        String path = "/v1/campaigns/" + campaign + "/results";
        Instant posted = clock.instant();
        return await(
                () -> admin.get(path).require(200).json(),
                results ->
                        group(results, "treated").path("members").asLong() >= truth.contacted()
                                && isAsOf(results, posted));
    }

    /** Whether an answer counts everything up to an instant. */
    private static boolean isAsOf(JsonNode answer, Instant instant) {
        return answer.hasNonNull("asOf")
                && Instant.parse(answer.path("asOf").asText()).isAfter(instant);
    }

    private static JsonNode await(Supplier<JsonNode> question, Predicate<JsonNode> isComplete) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode answer = question.get();
            if (isComplete.test(answer) || System.nanoTime() > deadline) {
                return answer;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private void exits(List<JsonNode> exits) {
        heading("Ended by the clock, not by an event");
        for (JsonNode exit : exits) {
            Instant at = Instant.parse(exit.path("at").asText());
            Instant recordedAt = Instant.parse(exit.path("recordedAt").asText());
            line(
                    "%s left %-26s at %s, published %,d ms later",
                    exit.path("member").asText(),
                    segments.nameOf(exit.path("segment").asText()),
                    at,
                    Duration.between(at, recordedAt).toMillis());
        }
        if (exits.isEmpty()) {
            line("none within %d s", PATIENCE.toSeconds());
        }
    }

    /** Why somebody is in the most intricate segment that has a member. */
    private void explain() {
        for (String key : EXPLAINED) {
            JsonNode members =
                    admin.get("/v1/segments/" + key + "/members?limit=1").require(200).json();
            if (!members.path("items").isEmpty()) {
                String member = members.path("items").path(0).path("member").asText();
                heading("Why is " + member + " in \"" + segments.nameOf(key) + "\"?");
                JsonNode explained =
                        admin.get("/v1/members/" + member + "/segments/" + key + "/explain")
                                .require(200)
                                .json();
                wrap(explained.path("text").asText()).forEach(screen::result);
                return;
            }
        }
    }

    private static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : paragraph.strip().split(" +", -1)) {
                if (line.length() + word.length() + 1 > WIDTH) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private void heading(String text) {
        screen.result("");
        screen.result(text);
        screen.result("─".repeat(Math.min(WIDTH, text.length())));
    }

    private void line(String format, Object... values) {
        screen.result(String.format(Locale.ROOT, format, values).stripTrailing());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
