package io.clientele.profile.member;

import com.fasterxml.jackson.core.type.TypeReference;
import io.clientele.common.json.Json;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.Identity;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.profile.registry.AttributeRules;
import io.clientele.profile.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what one event says about its member, and what of it may leave this service. Depends on the
 * event and the registry only. Thread-safe.
 */
final class Declarations {
    static final String PURCHASE = "purchase";
    static final String RETURN = "return";
    private static final String SURVEY_ANSWERED = "survey.answered";
    private static final String TIER_CHANGED = "tier.changed";
    private static final String POINTS_EARNED = "points.earned";
    private static final Set<String> POINTS =
            Set.of(POINTS_EARNED, "points.spent", "points.expired");

    /** Families of names that events of their own declare. */
    private static final Set<String> FAMILIES =
            Set.of("loyalty", "consent", "reachable", "preference", "enrollment");

    private static final Map<String, List<String>> CHANNELS_OF_ATTRIBUTE =
            Map.of(
                    "email", List.of("email"),
                    "phone", List.of("sms", "phone"),
                    "street", List.of("post"));
    private static final Map<String, List<String>> CHANNELS_OF_IDENTITY =
            Map.of(
                    "email", List.of("email"),
                    "phone", List.of("sms", "phone"),
                    "device", List.of("push"));
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,128}");
    private static final int LONGEST_ASIDE = 4096;
    private static final TypeReference<Map<String, Object>> PROPERTIES = new TypeReference<>() {};

    private final Registry registry;

    Declarations(Registry registry) {
        this.registry = registry;
    }

    /**
     * What an event says.
     *
     * @param declared about the member; a name at most once
     * @param forwarded properties that may leave, or null if all may
     * @param amount of a purchase or return
     * @param points what it does to points
     * @param missing true if a name was not in the registry: it may only not have been read yet
     */
    record Declaration(
            List<Declared> declared,
            @Nullable Map<String, Object> forwarded,
            @Nullable BigDecimal amount,
            @Nullable Points points,
            boolean missing) {
        Declaration {
            declared = List.copyOf(declared);
        }
    }

    /**
     * Reads an event.
     *
     * @throws RefusedException if something it says can never be applied
     */
    Declaration of(ReceivedEvent event) throws RefusedException {
        return new Reading(event).read();
    }

    /** True if an event of this type makes a prospect a member. */
    static boolean enrolls(String type) {
        return type.equals(EventTypes.ENROLLMENT) || type.equals(PURCHASE);
    }

    /** A value as JSON, in the one form in which values are kept and compared. */
    static String json(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }

    /** A JSON object as kept. */
    static Map<String, Object> parse(String json) {
        try {
            return Json.mapper().readValue(json, PROPERTIES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Reading {
        private final ReceivedEvent event;
        private final ProgramId program;
        private final Map<String, Declared> declared = new LinkedHashMap<>();
        private @Nullable Map<String, Object> forwarded;
        private boolean missing;

        private Reading(ReceivedEvent event) {
            this.event = event;
            this.program = event.program();
        }

        private Declaration read() throws RefusedException {
            var type = event.type();
            if (type.equals(EventTypes.ENROLLMENT) || type.equals(EventTypes.PROFILE_UPDATED)) {
                profile();
            } else if (type.equals(SURVEY_ANSWERED)) {
                survey();
            } else if (type.equals(TIER_CHANGED)) {
                builtIn("loyalty.tier", text("to"));
            }
            var points = POINTS.contains(type) ? points() : null;
            var amount =
                    type.equals(PURCHASE) || type.equals(RETURN) ? requireNumber("amount") : null;
            withoutPersonalProperties();
            return new Declaration(
                    List.copyOf(declared.values()), forwarded, amount, points, missing);
        }

        private void profile() throws RefusedException {
            var attributes = map("attributes");
            if (attributes != null) {
                forward("attributes", attributes(attributes, "", "/properties/attributes/"));
            }
            consents();
            preferences();
            if (event.type().equals(EventTypes.ENROLLMENT)
                    && event.properties().get("channel") != null) {
                builtIn("enrollment.channel", text("channel"));
            }
            Identity identity = event.identity();
            if (identity != null) {
                for (var channel : CHANNELS_OF_IDENTITY.getOrDefault(identity.type(), List.of())) {
                    builtIn("reachable." + channel, true);
                }
            }
        }

        /** Declares each of {@code values}; returns those that may leave. */
        private Map<String, Object> attributes(
                Map<String, Object> values, String unregisteredPrefix, String pointer)
                throws RefusedException {
            var open = new LinkedHashMap<String, Object>();
            for (var entry : values.entrySet()) {
                var name = entry.getKey();
                if (!NAME.matcher(name).matches()) {
                    throw new RefusedException(
                            Refusal.Reason.ATTRIBUTE_INVALID,
                            "an attribute's name is 1 to 128 letters, digits, . _ and -");
                }
                var attribute = registry.attribute(program, name);
                if (attribute.isEmpty() && !unregisteredPrefix.isEmpty()) {
                    name = unregisteredPrefix + name;
                    attribute = registry.attribute(program, name);
                }
                if (attribute.isPresent()) {
                    var known = attribute.get();
                    declare(known, entry.getValue());
                    if (!known.personal()) {
                        open.put(entry.getKey(), entry.getValue());
                    }
                } else {
                    missing = true;
                    aside(name, entry.getValue(), pointer + entry.getKey());
                }
            }
            return open;
        }

        private void declare(RegistryRecord.Attribute attribute, @Nullable Object value)
                throws RefusedException {
            String json;
            try {
                json = value == null ? null : json(AttributeRules.check(attribute, value));
            } catch (IllegalArgumentException e) {
                throw new RefusedException(
                        Refusal.Reason.ATTRIBUTE_INVALID, String.valueOf(e.getMessage()));
            }
            var scope = attribute.personal() ? Declared.Scope.PERSONAL : Declared.Scope.PUBLIC;
            declared.put(attribute.name(), new Declared(attribute.name(), json, scope));
            for (var channel : CHANNELS_OF_ATTRIBUTE.getOrDefault(attribute.name(), List.of())) {
                builtIn("reachable." + channel, json != null && !json.equals("\"\""));
            }
        }

        private void aside(String name, @Nullable Object value, String pointer)
                throws RefusedException {
            int dot = name.indexOf('.');
            if (dot > 0 && FAMILIES.contains(name.substring(0, dot))) {
                throw new RefusedException(
                        Refusal.Reason.ATTRIBUTE_INVALID,
                        pointer + ": " + name + " is declared by events of its own, not here");
            }
            boolean open =
                    registry.program(program)
                            .map(RegistryRecord.Program::openAttributes)
                            .orElse(true);
            if (!open) {
                throw new RefusedException(
                        Refusal.Reason.ATTRIBUTE_UNKNOWN,
                        pointer
                                + ": the program has no attribute "
                                + name
                                + " and does not keep unknown ones; define it first");
            }
            String json = value == null ? null : json(value);
            if (json != null && json.length() > LONGEST_ASIDE) {
                throw new RefusedException(
                        Refusal.Reason.ATTRIBUTE_INVALID,
                        pointer
                                + ": a value of an unknown attribute has at most "
                                + LONGEST_ASIDE
                                + " characters of JSON");
            }
            declared.put(name, new Declared(name, json, Declared.Scope.ASIDE));
        }

        private void consents() throws RefusedException {
            var given = event.properties().get("consents");
            if (given == null) {
                return;
            }
            if (!(given instanceof List<?> list)) {
                throw invalid("consents", "an array");
            }
            var open = new ArrayList<Object>(list.size());
            for (var element : list) {
                if (!(element instanceof Map<?, ?> consent)
                        || !(consent.get("purpose") instanceof String purpose)
                        || !KEY.matcher(purpose).matches()
                        || !(consent.get("channel") instanceof String channel)
                        || !KEY.matcher(channel).matches()
                        || !(consent.get("granted") instanceof Boolean granted)) {
                    throw invalid("consents", "objects of purpose, channel and granted");
                }
                var name = "consent." + purpose + "." + channel;
                var proof = consent.get("proof") instanceof String text ? text : null;
                declared.put(
                        name, new Declared(name, granted.toString(), Declared.Scope.PUBLIC, proof));
                open.add(Map.of("purpose", purpose, "channel", channel, "granted", granted));
            }
            forward("consents", open);
        }

        private void preferences() throws RefusedException {
            var preferences = map("preferences");
            if (preferences == null) {
                return;
            }
            for (var entry : preferences.entrySet()) {
                var value = entry.getValue();
                if (!NAME.matcher(entry.getKey()).matches()
                        || !(value == null
                                || value instanceof Boolean
                                || value instanceof Number
                                || (value instanceof String text && text.length() <= 256))) {
                    throw invalid("preferences", "names with short text, numbers or booleans");
                }
                builtIn("preference." + entry.getKey(), value);
            }
        }

        private void survey() throws RefusedException {
            var answers = map("answers");
            if (answers != null) {
                var prefix = "survey." + text("survey") + ".";
                forward("answers", attributes(answers, prefix, "/properties/answers/"));
            }
        }

        private Points points() throws RefusedException {
            var points = requireNumber("points");
            var delta = event.type().equals(POINTS_EARNED) ? points : points.negate();
            var balance =
                    event.properties().get("balance") == null ? null : requireNumber("balance");
            return new Points(delta, balance);
        }

        /** Takes away properties that bear the name of a personal attribute. */
        private void withoutPersonalProperties() {
            for (var name : event.properties().keySet()) {
                if (registry.attribute(program, name)
                                .filter(RegistryRecord.Attribute::personal)
                                .isPresent()
                        && !isSegmentable(name)) {
                    openProperties().remove(name);
                }
            }
        }

        private boolean isSegmentable(String property) {
            var type = registry.eventType(program, event.type());
            return type.isPresent()
                    && type.get().schema().get("properties") instanceof Map<?, ?> properties
                    && properties.get(property) instanceof Map<?, ?> schema
                    && Boolean.TRUE.equals(schema.get("segmentable"));
        }

        private void forward(String property, Object open) {
            if (!open.equals(event.properties().get(property))) {
                openProperties().put(property, open);
            }
        }

        private Map<String, Object> openProperties() {
            if (forwarded == null) {
                forwarded = new LinkedHashMap<>(event.properties());
            }
            return forwarded;
        }

        private void builtIn(String name, @Nullable Object value) throws RefusedException {
            String json;
            try {
                json =
                        value == null
                                ? null
                                : json(
                                        value instanceof Number number
                                                ? AttributeRules.canonical(number)
                                                : value);
            } catch (IllegalArgumentException e) {
                throw invalid(name, String.valueOf(e.getMessage()));
            }
            declared.put(name, new Declared(name, json, Declared.Scope.PUBLIC));
        }

        private String text(String property) throws RefusedException {
            if (event.properties().get(property) instanceof String text
                    && !text.isBlank()
                    && text.length() <= 128) {
                return text;
            }
            throw invalid(property, "text of 1 to 128 characters");
        }

        private BigDecimal requireNumber(String property) throws RefusedException {
            if (event.properties().get(property) instanceof Number number) {
                try {
                    return AttributeRules.decimal((Number) AttributeRules.canonical(number));
                } catch (IllegalArgumentException e) {
                    throw invalid(property, String.valueOf(e.getMessage()));
                }
            }
            throw invalid(property, "a number");
        }

        @SuppressWarnings("unchecked")
        private @Nullable Map<String, Object> map(String property) throws RefusedException {
            var value = event.properties().get(property);
            if (value == null) {
                return null;
            }
            if (value instanceof Map<?, ?> map) {
                return (Map<String, Object>) map;
            }
            throw invalid(property, "an object");
        }

        private RefusedException invalid(String property, String expected) {
            return new RefusedException(
                    Refusal.Reason.DECLARATION_INVALID,
                    event.type() + " /properties/" + property + ": expected " + expected);
        }
    }
}
