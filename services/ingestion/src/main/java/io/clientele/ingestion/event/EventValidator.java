package io.clientele.ingestion.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.Suggestions;
import io.clientele.ingestion.attribute.AttributeValues;
import io.clientele.ingestion.eventtype.PropertyChecks;
import io.clientele.ingestion.registry.Registry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an event can be taken: its envelope, its properties against the type's schema,
 * its currency, its time. Thread-safe; cost is some ten microseconds an event.
 */
@Singleton
public class EventValidator {
    /** An event may be so far ahead of our clock. */
    static final Duration FUTURE = Duration.ofMinutes(5);

    private static final JsonNode NO_PROPERTIES = JsonNodeFactory.instance.objectNode();
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final int LONGEST_ID = 128;
    private static final Set<String> FIELDS =
            Set.of(
                    "id",
                    "type",
                    "source",
                    "member",
                    "identity",
                    "occurredAt",
                    "properties",
                    "replaces");
    private static final Pattern IDENTITY_TYPE = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Registry registry;
    private final PropertyChecks properties;
    private final AttributeValues attributes;
    private final Clock clock;

    /** Over the program registry and the clock. */
    @Inject
    public EventValidator(
            Registry registry, PropertyChecks properties, AttributeValues attributes, Clock clock) {
        this.registry = registry;
        this.properties = properties;
        this.attributes = attributes;
        this.clock = clock;
    }

    /**
     * Judges one event.
     *
     * @param program whose, from the verified token
     * @param event as sent
     * @param importId the import it comes with, if any
     */
    public Verdict validate(ProgramId program, JsonNode event, @Nullable String importId) {
        if (!event.isObject()) {
            return new Verdict.Invalid(
                    null, List.of(new FieldError("", "expected an object, was " + kind(event))));
        }
        var errors = new ArrayList<FieldError>();
        for (var field : event.properties()) {
            if (!FIELDS.contains(field.getKey())) {
                errors.add(
                        new FieldError(
                                "/" + field.getKey(),
                                "is no field of an event; what the type does not know goes into"
                                        + " properties."
                                        + Suggestions.nearest(field.getKey(), FIELDS)));
            }
        }
        var id = name(event, "id", "", errors);
        var source = name(event, "source", "", errors);
        var member = member(event.path("member"), errors);
        var identity = identity(event.path("identity"), errors);
        if (event.path("member").isMissingNode() && event.path("identity").isMissingNode()) {
            errors.add(new FieldError("/member", "member or identity is required"));
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var occurredAt = occurredAt(event.path("occurredAt"), now, errors);
        var replaces = replaces(event.path("replaces"), errors);
        var type = type(program, event.path("type"), errors);
        var given = event.path("properties");
        var values = new LinkedHashMap<String, Object>();
        if (given.isObject()) {
            given.properties().forEach(it -> values.put(it.getKey(), it.getValue()));
        } else if (!given.isMissingNode()) {
            errors.add(new FieldError("/properties", "expected an object, was " + kind(given)));
        }
        if (type != null && (given.isObject() || given.isMissingNode())) {
            checkProperties(program, type, given.isObject() ? given : NO_PROPERTIES, errors);
        }
        if (replaces != null && replaces.source().equals(source) && replaces.id().equals(id)) {
            errors.add(new FieldError("/replaces", "an event cannot replace itself"));
        }
        if (type != null
                && type.type().equals(EventTypes.EVENT_RETRACTED)
                && given.path("source").asText().equals(source)
                && given.path("id").asText().equals(id)) {
            errors.add(new FieldError("/properties", "an event cannot take itself back"));
        }
        if (!errors.isEmpty()
                || id == null
                || source == null
                || type == null
                || occurredAt == null) {
            return new Verdict.Invalid(id, errors);
        }
        return new Verdict.Valid(
                new ReceivedEvent(
                        program,
                        source,
                        id,
                        type.type(),
                        member,
                        identity,
                        occurredAt,
                        now,
                        values,
                        replaces,
                        importId));
    }

    private void checkProperties(
            ProgramId program,
            RegistryRecord.EventType type,
            JsonNode given,
            List<FieldError> errors) {
        properties.check(type, given, errors);
        var currency = given.path("currency");
        if (currency.isTextual()) {
            var expected = registry.program(program).currency();
            if (!currency.textValue().equals(expected)) {
                errors.add(
                        new FieldError(
                                "/properties/currency",
                                "expected "
                                        + expected
                                        + ", the program's currency, was "
                                        + currency
                                        + "; there are no exchange rates yet"));
            }
        }
        boolean enrollment = type.type().equals(EventTypes.ENROLLMENT);
        if (enrollment || type.type().equals(EventTypes.PROFILE_UPDATED)) {
            var declared = given.path("attributes");
            if (declared.isObject() || declared.isMissingNode()) {
                attributes.check(program, declared, "/properties/attributes", enrollment, errors);
            }
        }
    }

    private RegistryRecord.@Nullable EventType type(
            ProgramId program, JsonNode type, List<FieldError> errors) {
        if (!type.isTextual()) {
            errors.add(missingOr("/type", "a string", type));
            return null;
        }
        var found = registry.eventType(program, type.textValue());
        if (found.isEmpty()) {
            var names =
                    registry.eventTypes(program).stream()
                            .map(RegistryRecord.EventType::type)
                            .toList();
            errors.add(
                    new FieldError(
                            "/type",
                            "this program has no event type "
                                    + shortened(type)
                                    + "."
                                    + Suggestions.nearest(type.textValue(), names)));
        }
        return found.orElse(null);
    }

    private static @Nullable Instant occurredAt(
            JsonNode given, Instant now, List<FieldError> errors) {
        if (!given.isTextual()) {
            errors.add(missingOr("/occurredAt", "an instant such as 2026-11-01T10:15:00Z", given));
            return null;
        }
        Instant at;
        try {
            at = OffsetDateTime.parse(given.textValue()).toInstant();
        } catch (DateTimeException e) {
            errors.add(
                    new FieldError(
                            "/occurredAt",
                            "expected an instant with its offset, such as 2026-11-01T10:15:00Z, was"
                                    + " "
                                    + shortened(given)));
            return null;
        }
        if (at.isAfter(now.plus(FUTURE))) {
            errors.add(
                    new FieldError(
                            "/occurredAt",
                            "is more than "
                                    + FUTURE.toMinutes()
                                    + " minutes in the future: it is "
                                    + now
                                    + " here"));
            return null;
        }
        if (at.isBefore(EARLIEST)) {
            errors.add(
                    new FieldError(
                            "/occurredAt", "expected 1970 or later, was " + shortened(given)));
            return null;
        }
        return at.truncatedTo(ChronoUnit.MILLIS);
    }

    private static @Nullable MemberId member(JsonNode given, List<FieldError> errors) {
        if (given.isMissingNode()) {
            return null;
        }
        if (!given.isTextual()) {
            errors.add(missingOr("/member", "a string", given));
            return null;
        }
        try {
            return new MemberId(given.textValue());
        } catch (IllegalArgumentException e) {
            errors.add(
                    new FieldError(
                            "/member",
                            "expected 1 to 128 visible characters without space, : or /"));
            return null;
        }
    }

    private static @Nullable Identity identity(JsonNode given, List<FieldError> errors) {
        if (given.isMissingNode()) {
            return null;
        }
        var type = given.path("type");
        var value = given.path("value");
        int before = errors.size();
        if (!given.isObject()) {
            errors.add(
                    new FieldError(
                            "/identity", "expected {\"type\":…,\"value\":…}, was " + kind(given)));
            return null;
        }
        if (!type.isTextual() || !IDENTITY_TYPE.matcher(type.textValue()).matches()) {
            errors.add(
                    new FieldError(
                            "/identity/type",
                            "expected a key of a-z, 0-9 and -, such as card, email, device"));
        }
        if (!value.isTextual() || value.textValue().isBlank() || value.textValue().length() > 256) {
            errors.add(new FieldError("/identity/value", "expected 1 to 256 characters"));
        }
        return errors.size() == before ? new Identity(type.textValue(), value.textValue()) : null;
    }

    private static @Nullable EventReference replaces(JsonNode given, List<FieldError> errors) {
        if (given.isMissingNode()) {
            return null;
        }
        if (!given.isObject()) {
            errors.add(
                    new FieldError(
                            "/replaces", "expected {\"source\":…,\"id\":…}, was " + kind(given)));
            return null;
        }
        var source = name(given, "source", "/replaces", errors);
        var id = name(given, "id", "/replaces", errors);
        return source == null || id == null ? null : new EventReference(source, id);
    }

    private static @Nullable String name(
            JsonNode object, String field, String pointer, List<FieldError> errors) {
        var given = object.path(field);
        if (!given.isTextual()) {
            errors.add(missingOr(pointer + "/" + field, "a string", given));
            return null;
        }
        var text = given.textValue();
        if (text.isBlank()
                || text.length() > LONGEST_ID
                || text.chars().anyMatch(Character::isISOControl)) {
            errors.add(
                    new FieldError(
                            pointer + "/" + field,
                            "expected 1 to "
                                    + LONGEST_ID
                                    + " characters and no control character"));
            return null;
        }
        return text;
    }

    private static FieldError missingOr(String pointer, String expected, JsonNode given) {
        return new FieldError(
                pointer,
                given.isMissingNode()
                        ? "is required"
                        : "expected " + expected + ", was " + kind(given));
    }

    private static String kind(JsonNode node) {
        return node.isContainerNode() || node.isNull() || node.isMissingNode()
                ? node.getNodeType().name().toLowerCase(Locale.ROOT)
                : shortened(node);
    }

    private static String shortened(JsonNode node) {
        var text = node.toString();
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}
