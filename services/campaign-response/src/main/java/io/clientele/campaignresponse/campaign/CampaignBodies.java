package io.clientele.campaignresponse.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.campaignresponse.CampaignError;
import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.SegmentKey;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads campaigns, and names every place that does not fit. */
final class CampaignBodies {
    /** What an answer has in addition to a body; a body may bring it back, without effect. */
    static final Set<String> READ_ONLY =
            Set.of(
                    "key",
                    "status",
                    "version",
                    "startedAt",
                    "createdAt",
                    "createdBy",
                    "updatedAt",
                    "updatedBy");

    private static final Set<String> FIELDS =
            Set.of(
                    "name",
                    "description",
                    "segments",
                    "exclude",
                    "trigger",
                    "existing",
                    "reentry",
                    "channels",
                    "messages",
                    "offer",
                    "control",
                    "goal",
                    "cost");
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,128}");
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_TEXT = 4_000;
    private static final int LONGEST_SUBJECT = 500;
    private static final int LONGEST_BODY = 20_000;
    private static final int MOST = 50;
    private static final int DEEPEST = 10;
    private static final Duration LONGEST = Duration.ofDays(3 * 366L);
    private static final BigDecimal MOST_CONTROL = new BigDecimal("0.5");

    private final List<FieldError> errors = new ArrayList<>();

    private CampaignBodies() {}

    /**
     * Reads the body of the campaign {@code key}, which is its name if it has none.
     *
     * @throws RequestException 422 naming each place that does not fit
     */
    static CampaignDraft read(JsonNode body, String key) {
        if (!body.isObject()) {
            throw refused(List.of(new FieldError("", "expected an object")));
        }
        var bodies = new CampaignBodies();
        var draft = bodies.draft(body, key);
        if (draft == null || !bodies.errors.isEmpty()) {
            throw refused(bodies.errors);
        }
        return draft;
    }

    static RequestException refused(List<FieldError> errors) {
        return new RequestException(
                CampaignError.CAMPAIGN_INVALID,
                "The campaign does not have the form that is expected.",
                errors);
    }

    private @Nullable CampaignDraft draft(JsonNode body, String key) {
        unknown(body, "", FIELDS, READ_ONLY);
        var segments = segments(body, "segments");
        if (segments.isEmpty()) {
            wrong("/segments", "expected the keys of 1 to " + MOST + " segments");
        }
        var exclude = segments(body, "exclude");
        var channels = channels(body);
        var trigger = trigger(body.path("trigger"));
        var goal = goal(body.path("goal"));
        var messages = messages(body.path("messages"), segments, channels);
        var name = text(body, "", "name", LONGEST_NAME);
        var draft =
                new CampaignDraft(
                        name == null ? key : name,
                        text(body, "", "description", LONGEST_TEXT),
                        segments,
                        exclude,
                        trigger == null ? new Trigger.OnEntry(Duration.ofDays(1)) : trigger,
                        existing(body.path("existing")),
                        reentry(body.path("reentry")),
                        channels,
                        messages,
                        key(body, "", "offer", KEY),
                        control(body.path("control")),
                        goal,
                        cost(body.path("cost"), channels));
        return trigger == null ? null : draft;
    }

    private @Nullable Trigger trigger(JsonNode node) {
        if (!node.isObject()) {
            wrong("/trigger", "expected {\"on\":\"entry\",\"maxAge\":\"P1D\"} or {\"at\":instant}");
            return null;
        }
        if (node.has("every")) {
            wrong("/trigger/every", "campaigns that repeat are not offered yet; expected on or at");
            return null;
        }
        unknown(node, "/trigger", Set.of("on", "maxAge", "at"), Set.of());
        if (node.has("at")) {
            if (node.has("on") || node.has("maxAge")) {
                wrong("/trigger", "expected either on or at, not both");
            }
            try {
                return new Trigger.At(OffsetDateTime.parse(node.path("at").asText()).toInstant());
            } catch (DateTimeException e) {
                wrong("/trigger/at", "expected an RFC 3339 time such as 2026-11-01T10:00:00Z");
                return null;
            }
        }
        if (!node.path("on").asText().equals("entry")) {
            wrong("/trigger/on", "expected \"entry\"");
            return null;
        }
        var maxAge = duration(node.path("maxAge"), "/trigger/maxAge", Duration.ofDays(1));
        return new Trigger.OnEntry(maxAge == null ? Duration.ofDays(1) : maxAge);
    }

    private boolean existing(JsonNode node) {
        if (node.isMissingNode() || node.isNull() || node.asText().equals("skip")) {
            return false;
        }
        if (!node.asText().equals("include")) {
            wrong("/existing", "expected skip or include, was " + node);
        }
        return true;
    }

    private Reentry reentry(JsonNode node) {
        if (node.isMissingNode() || node.isNull() || node.asText().equals("never")) {
            return Reentry.NEVER;
        }
        if (node.asText().equals("always")) {
            return Reentry.ALWAYS;
        }
        var after = duration(node, "/reentry", null);
        return after == null ? Reentry.NEVER : new Reentry(after);
    }

    private double control(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return 0;
        }
        if (!node.isNumber()
                || node.decimalValue().signum() < 0
                || node.decimalValue().compareTo(MOST_CONTROL) > 0) {
            wrong("/control", "expected a share from 0 to 0.5, was " + node);
            return 0;
        }
        return node.doubleValue();
    }

    private List<String> channels(JsonNode body) {
        var node = body.path("channels");
        var found = new ArrayList<String>();
        if (!node.isArray() || node.isEmpty() || node.size() > MOST) {
            wrong("/channels", "expected 1 to " + MOST + " channels such as email, sms, push");
            return found;
        }
        for (int i = 0; i < node.size(); i++) {
            var channel = node.get(i).asText();
            if (!node.get(i).isTextual() || !KEY.matcher(channel).matches()) {
                wrong("/channels/" + i, "expected a channel: 1 to 63 of a-z, 0-9 and -");
            } else if (!found.contains(channel)) {
                found.add(channel);
            }
        }
        return found;
    }

    private List<SegmentKey> segments(JsonNode body, String field) {
        var node = body.path(field);
        var found = new ArrayList<SegmentKey>();
        if (node.isMissingNode() || node.isNull()) {
            return found;
        }
        if (!node.isArray() || node.size() > MOST) {
            wrong("/" + field, "expected an array of at most " + MOST + " keys of segments");
            return found;
        }
        for (int i = 0; i < node.size(); i++) {
            try {
                var segment = new SegmentKey(node.get(i).asText());
                if (!found.contains(segment)) {
                    found.add(segment);
                }
            } catch (IllegalArgumentException e) {
                wrong("/" + field + "/" + i, String.valueOf(e.getMessage()));
            }
        }
        return found;
    }

    private List<MessageDraft> messages(
            JsonNode node, List<SegmentKey> segments, List<String> channels) {
        var found = new ArrayList<MessageDraft>();
        if (!node.isArray() || node.isEmpty() || node.size() > 4 * MOST) {
            wrong("/messages", "expected 1 to " + 4 * MOST + " messages");
            return found;
        }
        var covered = new HashSet<String>();
        for (int i = 0; i < node.size(); i++) {
            var place = "/messages/" + i;
            var message = node.get(i);
            if (!message.isObject()) {
                wrong(place, "expected an object");
                continue;
            }
            unknown(
                    message,
                    place,
                    Set.of("segment", "channel", "language", "subject", "body"),
                    Set.of());
            var segment = key(message, place, "segment", KEY);
            if (segment != null && !segments.contains(new SegmentKey(segment))) {
                wrong(place + "/segment", "expected one of the campaign's segments");
            }
            var channel = key(message, place, "channel", KEY);
            if (channel != null && !channels.contains(channel)) {
                wrong(place + "/channel", "expected one of the campaign's channels");
            }
            covered.addAll(channel == null ? channels : List.of(channel));
            var text = text(message, place, "body", LONGEST_BODY);
            if (text == null) {
                wrong(place + "/body", "expected the text of the message");
                continue;
            }
            found.add(
                    new MessageDraft(
                            segment == null ? null : new SegmentKey(segment),
                            channel,
                            language(message, place),
                            text(message, place, "subject", LONGEST_SUBJECT),
                            text));
        }
        channels.stream()
                .filter(channel -> !covered.contains(channel))
                .forEach(channel -> wrong("/messages", "there is none for channel " + channel));
        return found;
    }

    private @Nullable String language(JsonNode message, String place) {
        var language = text(message, place, "language", 35);
        if (language != null) {
            try {
                var unused = new Locale.Builder().setLanguageTag(language).build();
            } catch (IllformedLocaleException e) {
                wrong(place + "/language", "expected a BCP 47 tag such as en or pt-BR");
            }
        }
        return language;
    }

    private @Nullable Goal goal(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isObject()) {
            wrong("/goal", "expected {\"event\",\"where\",\"within\",\"value\"}");
            return null;
        }
        unknown(node, "/goal", Set.of("event", "where", "within", "value"), Set.of());
        var event = key(node, "/goal", "event", NAME);
        if (event == null) {
            wrong("/goal/event", "expected an event type");
        }
        var within = duration(node.path("within"), "/goal/within", Duration.ofDays(14));
        var where = node.path("where");
        var value = key(node, "/goal", "value", NAME);
        var filter =
                where.isMissingNode() || where.isNull() ? null : filter(where, "/goal/where", 0);
        return event == null || within == null ? null : new Goal(event, filter, within, value);
    }

    private @Nullable EventFilter filter(JsonNode node, String place, int depth) {
        if (depth > DEEPEST) {
            wrong(place, "expected at most " + DEEPEST + " levels");
            return null;
        }
        if (node.path("all").isArray()) {
            unknown(node, place, Set.of("all"), Set.of());
            return new EventFilter.AllOf(filters(node.path("all"), place + "/all", depth));
        }
        if (node.path("any").isArray()) {
            unknown(node, place, Set.of("any"), Set.of());
            return new EventFilter.AnyOf(filters(node.path("any"), place + "/any", depth));
        }
        if (node.has("not")) {
            unknown(node, place, Set.of("not"), Set.of());
            var part = filter(node.path("not"), place + "/not", depth + 1);
            return part == null ? null : new EventFilter.Not(part);
        }
        var property = key(node, place, "property", NAME);
        if (property == null || node.has("equals") == node.has("in")) {
            wrong(
                    place,
                    "expected {\"property\",\"equals\"} or {\"property\",\"in\"}, or all, any or"
                            + " not of such");
            return null;
        }
        unknown(node, place, Set.of("property", "equals", "in"), Set.of());
        var values = new ArrayList<Object>();
        if (node.has("equals")) {
            value(node.path("equals"), place + "/equals", values);
        } else if (node.path("in").isArray() && node.path("in").size() <= 1_000) {
            for (int i = 0; i < node.path("in").size(); i++) {
                value(node.path("in").get(i), place + "/in/" + i, values);
            }
        } else {
            wrong(place + "/in", "expected an array of at most 1000 values");
        }
        return new EventFilter.Property(property, values);
    }

    private List<EventFilter> filters(JsonNode parts, String place, int depth) {
        var found = new ArrayList<EventFilter>();
        for (int i = 0; i < parts.size(); i++) {
            var part = filter(parts.get(i), place + "/" + i, depth + 1);
            if (part != null) {
                found.add(part);
            }
        }
        return found;
    }

    private void value(JsonNode node, String place, List<Object> values) {
        if (node.isTextual()) {
            values.add(node.asText());
        } else if (node.isNumber()) {
            values.add(node.decimalValue());
        } else if (node.isBoolean()) {
            values.add(node.booleanValue());
        } else {
            wrong(place, "expected text, a number or a boolean");
        }
    }

    private Cost cost(JsonNode node, List<String> channels) {
        if (node.isMissingNode() || node.isNull()) {
            return Cost.NONE;
        }
        if (!node.isObject()) {
            wrong("/cost", "expected {\"fixed\",\"perContact\"}");
            return Cost.NONE;
        }
        unknown(node, "/cost", Set.of("fixed", "perContact"), Set.of());
        var perContact = new HashMap<String, BigDecimal>();
        var by = node.path("perContact");
        if (!by.isMissingNode() && !by.isNull() && !by.isObject()) {
            wrong("/cost/perContact", "expected an object of amounts by channel");
        }
        for (Map.Entry<String, JsonNode> one : by.properties()) {
            if (!channels.contains(one.getKey())) {
                wrong("/cost/perContact", one.getKey() + " is none of the campaign's channels");
            } else {
                perContact.put(
                        one.getKey(), amount(one.getValue(), "/cost/perContact/" + one.getKey()));
            }
        }
        return new Cost(amount(node.path("fixed"), "/cost/fixed"), perContact);
    }

    private BigDecimal amount(JsonNode node, String place) {
        if (node.isMissingNode() || node.isNull()) {
            return BigDecimal.ZERO;
        }
        if (!node.isNumber()
                || node.decimalValue().signum() < 0
                || node.decimalValue().scale() > 6
                || node.decimalValue().precision() > 18) {
            wrong(place, "expected an amount of 0 or more, with up to 6 places");
            return BigDecimal.ZERO;
        }
        return node.decimalValue();
    }

    private @Nullable Duration duration(JsonNode node, String place, @Nullable Duration absent) {
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        try {
            var duration = Duration.parse(node.asText());
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeException e) {
            wrong(place, "expected an exact ISO 8601 duration such as PT12H or P30D, was " + node);
            return null;
        }
        wrong(place, "expected more than nothing and at most three years, was " + node);
        return null;
    }

    private @Nullable String key(JsonNode node, String place, String field, Pattern allowed) {
        var value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || !allowed.matcher(value.asText()).matches()) {
            wrong(place + "/" + field, "expected " + allowed.pattern());
            return null;
        }
        return value.asText();
    }

    private @Nullable String text(JsonNode node, String place, String field, int longest) {
        var value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual() || value.asText().isBlank() || value.asText().length() > longest) {
            wrong(place + "/" + field, "expected a text of 1 to " + longest);
            return null;
        }
        return value.asText();
    }

    private void unknown(JsonNode node, String place, Set<String> known, Set<String> ignored) {
        node.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name) && !ignored.contains(name)) {
                        wrong(
                                place + "/" + name.replace("~", "~0").replace("/", "~1"),
                                name.equals("policy")
                                        ? "contact policies are not offered yet"
                                        : "unknown; expected one of "
                                                + String.join(
                                                        ", ", known.stream().sorted().toList()));
                    }
                });
    }

    private void wrong(String place, String expected) {
        errors.add(new FieldError(place, expected));
    }

    /** Whether {@code at} lies before {@code now}. */
    static boolean isPast(Trigger trigger, Instant now) {
        return trigger instanceof Trigger.At at && at.instant().isBefore(now);
    }
}
