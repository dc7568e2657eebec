package io.clientele.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.platform.PlatformClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo makes a program of: attributes, segments and a campaign, as {@code
 * demo-segments.json} has them.
 *
 * @param attributes each with its {@code name}
 * @param segments in the order in which they are shown
 */
record DemoSegments(List<JsonNode> attributes, List<Segment> segments, Campaign campaign) {
    private static final String RESOURCE = "demo-segments.json";

    DemoSegments {
        attributes = List.copyOf(attributes);
        segments = List.copyOf(segments);
    }

    /** A segment; {@code condition} as the segment language has it. */
    record Segment(String key, String name, String description, JsonNode condition) {}

    /** The one campaign, for those who enter {@code segment} while it runs. */
    record Campaign(String key, String segment, String subject, String body) {
        /** As {@code PUT /v1/campaigns/{key}} takes it. */
        Map<String, Object> definition() {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("channel", "email");
            message.put("subject", subject);
            message.put("body", body);
            Map<String, Object> definition = new LinkedHashMap<>();
            definition.put("segments", List.of(segment));
            definition.put("trigger", Map.of("on", "entry", "maxAge", "P1D"));
            definition.put("existing", "skip");
            definition.put("reentry", "never");
            definition.put("channels", List.of("email"));
            definition.put("messages", List.of(message));
            definition.put("control", LiveMinute.CONTROL_SHARE);
            definition.put(
                    "goal",
                    Map.of(
                            "event", "purchase",
                            "within", LiveMinute.GOAL_WINDOW.toString(),
                            "value", "amount"));
            return definition;
        }
    }

    static DemoSegments load() {
        try (InputStream in = DemoSegments.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + RESOURCE);
            }
            return of(Json.tree(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE, unreadable);
        }
    }

    private static DemoSegments of(JsonNode document) {
        List<JsonNode> attributes = new ArrayList<>();
        document.path("attributes").forEach(attributes::add);
        List<Segment> segments = new ArrayList<>();
        for (JsonNode segment : document.path("segments")) {
            segments.add(
                    new Segment(
                            segment.path("key").asText(),
                            segment.path("name").asText(),
                            segment.path("description").asText(),
                            segment.path("condition")));
        }
        JsonNode campaign = document.path("campaign");
        return new DemoSegments(
                attributes,
                segments,
                new Campaign(
                        campaign.path("key").asText(),
                        campaign.path("segment").asText(),
                        campaign.path("subject").asText(),
                        campaign.path("body").asText()));
    }

    /** The name of a segment, for people. */
    String nameOf(String key) {
        return segments.stream()
                .filter(segment -> segment.key().equals(key))
                .map(Segment::name)
                .findFirst()
                .orElse(key);
    }

    /** Declares attributes and segments; what is there already stays as it is. */
    void declare(PlatformClient admin) {
        for (JsonNode attribute : attributes) {
            String path = "/v1/attributes/" + attribute.path("name").asText();
            if (admin.get(path).status() != 200) {
                admin.put(path, attribute).require(200, 201);
            }
        }
        for (Segment segment : segments) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", segment.name());
            body.put("description", segment.description());
            body.put("status", "active");
            body.put("condition", segment.condition());
            admin.put("/v1/segments/" + segment.key(), body).require(200, 201, 202);
        }
    }

    /** The sizes now, by key. */
    Map<String, Long> sizes(PlatformClient admin) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        JsonNode page = admin.get("/v1/segments?limit=100").require(200).json();
        for (JsonNode item : page.path("items")) {
            if (item.hasNonNull("size")) {
                sizes.put(item.path("key").asText(), item.path("size").asLong());
            }
        }
        return sizes;
    }
}
