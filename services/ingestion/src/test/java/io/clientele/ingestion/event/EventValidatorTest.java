package io.clientele.ingestion.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clientele.common.json.Json;
import io.clientele.common.problem.FieldError;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.ingestion.attribute.AttributeValues;
import io.clientele.ingestion.eventtype.PropertyChecks;
import io.clientele.ingestion.registry.BuiltIns;
import io.clientele.ingestion.registry.Registry;
import io.clientele.testkit.MutableClock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventValidatorTest {
    private static final ProgramId DEMO = new ProgramId("demo");
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456Z");

    private final Registry registry = new Registry();
    private final EventValidator validator =
            new EventValidator(
                    registry,
                    new PropertyChecks(),
                    new AttributeValues(registry),
                    MutableClock.at(NOW));

    @BeforeEach
    void fillRegistry() {
        BuiltIns.all(DEMO).forEach(registry::accept);
    }

    @Test
    void takesAPurchaseAsItIs() {
        var event =
                valid(
                        """
                        {"id":"1","type":"purchase","source":"pos-7","member":"m-1",
                         "occurredAt":"2026-11-01T17:15:00.1239+07:00",
                         "properties":{"amount":84.10,"currency":"USD","wrapped":true,
                          "items":[{"sku":"RUN-1","quantity":1,"amount":84.10}]}}\
                        """);

        assertThat(event.program()).isEqualTo(DEMO);
        assertThat(event.reference()).isEqualTo(new EventReference("pos-7", "1"));
        assertThat(event.member()).isEqualTo(new MemberId("m-1"));
        assertThat(event.occurredAt()).isEqualTo(Instant.parse("2026-11-01T10:15:00.123Z"));
        assertThat(event.receivedAt()).isEqualTo(Instant.parse("2026-11-21T12:00:00.123Z"));
        assertThat(Json.mapper().<JsonNode>valueToTree(event.properties()).toString())
                .isEqualTo(
                        "{\"amount\":84.10,\"currency\":\"USD\",\"wrapped\":true,"
                            + "\"items\":[{\"sku\":\"RUN-1\",\"quantity\":1,\"amount\":84.10}]}");
    }

    @Test
    void takesAnIdentityInAMembersPlace() {
        var event =
                valid(
                        """
                        {"id":"1","type":"app.opened","source":"app",
                         "identity":{"type":"device","value":"d 1"},
                         "occurredAt":"2026-11-01T10:15:00Z"}\
                        """);

        assertThat(event.member()).isNull();
        assertThat(event.identity()).isEqualTo(new Identity("device", "d 1"));
        assertThat(event.properties()).isEmpty();
    }

    @Test
    void takesAnEventUpToFiveMinutesAhead() {
        assertThat(valid(with("occurredAt", "\"2026-11-21T12:05:00.123Z\"")).occurredAt())
                .isEqualTo(Instant.parse("2026-11-21T12:05:00.123Z"));
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                wrong("id", "\"\"", "/id", "expected 1 to 128 characters and no control character"),
                wrong("id", "7", "/id", "expected a string, was 7"),
                wrong(
                        "source",
                        "\"" + "s".repeat(129) + "\"",
                        "/source",
                        "expected 1 to 128 characters and no control character"),
                wrong(
                        "type",
                        "\"purchas\"",
                        "/type",
                        "this program has no event type \"purchas\". Did you mean \"purchase\"?"),
                wrong(
                        "member",
                        "\"a b\"",
                        "/member",
                        "expected 1 to 128 visible characters without space, : or /"),
                wrong(
                        "occurredAt",
                        "\"2026-11-21T12:05:00.124Z\"",
                        "/occurredAt",
                        "is more than 5 minutes in the future: it is 2026-11-21T12:00:00.123Z"
                                + " here"),
                wrong(
                        "occurredAt",
                        "\"2026-11-21\"",
                        "/occurredAt",
                        "expected an instant with its offset, such as 2026-11-01T10:15:00Z, was"
                                + " \"2026-11-21\""),
                wrong(
                        "occurredAt",
                        "\"1969-12-31T23:59:59Z\"",
                        "/occurredAt",
                        "expected 1970 or later, was \"1969-12-31T23:59:59Z\""),
                wrong(
                        "ocurredAt",
                        "\"\"",
                        "/ocurredAt",
                        "is no field of an event; what the type does not know goes into"
                                + " properties. Did you mean \"occurredAt\"?"),
                wrong(
                        "replaces",
                        "{\"source\":\"s\",\"id\":\"1\"}",
                        "/replaces",
                        "an event cannot replace itself"),
                wrong("properties", "{}", "/properties/amount", "is required"),
                wrong("properties", "[]", "/properties", "expected an object, was array"),
                wrong(
                        "properties",
                        "{\"amount\":\"84\"}",
                        "/properties/amount",
                        "string found, number expected"),
                wrong(
                        "properties",
                        "{\"amount\":-1}",
                        "/properties/amount",
                        "must have a minimum value of 0"),
                wrong(
                        "properties",
                        "{\"amount\":1.0000001}",
                        "/properties/amount",
                        "expected at most 6 decimal places, was 1.0000001"),
                wrong(
                        "properties",
                        "{\"amount\":1,\"currency\":\"EUR\"}",
                        "/properties/currency",
                        "expected USD, the program's currency, was \"EUR\"; there are no exchange"
                                + " rates yet"),
                wrong(
                        "properties",
                        "{\"amount\":1,\"items\":[{\"sku\":\"a\",\"quantity\":1,\"amount\":1},"
                                + "{\"sku\":\"b\",\"quantity\":0.0000001,\"amount\":1}]}",
                        "/properties/items/1/quantity",
                        "expected at most 6 decimal places, was 1E-7"),
                wrong(
                        "properties",
                        "{\"amount\":1,\"items\":[{\"quantity\":1,\"amount\":1}]}",
                        "/properties/items/0/sku",
                        "is required"));
    }

    private static Arguments wrong(String field, String value, String pointer, String detail) {
        return Arguments.of(field, value, pointer, detail);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesThePlaceAndWhatWasExpected(
            String field, String value, String pointer, String detail) {
        assertThat(invalid(with(field, value)).errors())
                .containsExactly(new FieldError(pointer, detail));
    }

    @Test
    void namesEverythingThatIsMissing() {
        assertThat(invalid("{}").errors())
                .extracting(FieldError::pointer)
                .containsExactly("/id", "/source", "/member", "/occurredAt", "/type");
        assertThat(invalid("7").errors())
                .containsExactly(new FieldError("", "expected an object, was 7"));
    }

    @Test
    void checksDeclaredAttributesAgainstTheirDefinitions() {
        assertThat(invalid(enrollment("{\"birthDate\":\"30.4.1990\"}")).errors())
                .containsExactly(
                        new FieldError(
                                "/properties/attributes/birthDate",
                                "expected a date such as 1990-04-30, was \"30.4.1990\""));
        assertThat(invalid(enrollment("{\"country\":\"UK\"}")).errors())
                .extracting(FieldError::pointer)
                .containsExactly("/properties/attributes/country");
        assertThat(valid(enrollment("{\"country\":\"GB\",\"birthDate\":null}")).properties())
                .hasSize(1);
    }

    @Test
    void keepsUnknownAttributesOfAnOpenProgramAndRefusesThemElsewhere() {
        assertThat(valid(enrollment("{\"shoeSize\":43}")).properties()).hasSize(1);
        registry.accept(
                new RegistryRecord.Program(
                        DEMO,
                        2,
                        "UTC",
                        "USD",
                        "MONDAY",
                        false,
                        RegistryRecord.UnknownMembers.CREATE,
                        null));
        assertThat(invalid(enrollment("{\"contry\":\"GB\"}")).errors())
                .containsExactly(
                        new FieldError(
                                "/properties/attributes/contry",
                                "no attribute of this name. Did you mean \"country\"?"));
    }

    @Test
    void asksForRequiredAttributesAtEnrollmentOnly() {
        registry.accept(
                new RegistryRecord.Attribute(
                        DEMO,
                        2,
                        "language",
                        "string",
                        "demographic",
                        null,
                        List.of(),
                        true,
                        false));
        assertThat(invalid(enrollment("{}")).errors())
                .containsExactly(
                        new FieldError(
                                "/properties/attributes/language",
                                "this program requires it at enrollment"));
        assertThat(valid(enrollment("{}").replace("enrollment", "profile.updated")).type())
                .isEqualTo("profile.updated");
    }

    @Test
    void knowsTypesOfTheProgramOnlyInThatProgram() {
        registry.accept(
                new RegistryRecord.EventType(
                        new ProgramId("other"),
                        1,
                        "table.booked",
                        false,
                        Map.of("type", "object")));
        assertThat(invalid(with("type", "\"table.booked\"")).errors())
                .extracting(FieldError::pointer)
                .containsExactly("/type");
    }

    private static String enrollment(String attributes) {
        return """
        {"id":"1","type":"enrollment","source":"s","member":"m","occurredAt":"2026-11-01T10:15:00Z",
         "properties":{"attributes":%s}}\
        """
                .formatted(attributes);
    }

    private static String with(String field, String value) {
        try {
            var event =
                    (ObjectNode)
                            Json.mapper()
                                    .readTree(
                                            """
                                            {"id":"1","type":"purchase","source":"s","member":"m",
                                             "occurredAt":"2026-11-01T10:15:00Z",
                                             "properties":{"amount":1}}\
                                            """);
            event.set(field, Json.mapper().readTree(value));
            return event.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private ReceivedEvent valid(String event) {
        var verdict = validate(event);
        assertThat(verdict).as(event).isInstanceOf(Verdict.Valid.class);
        return ((Verdict.Valid) verdict).event();
    }

    private Verdict.Invalid invalid(String event) {
        var verdict = validate(event);
        assertThat(verdict).as(event).isInstanceOf(Verdict.Invalid.class);
        return (Verdict.Invalid) verdict;
    }

    private Verdict validate(String event) {
        try {
            return validator.validate(DEMO, Json.mapper().readTree(event), null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
