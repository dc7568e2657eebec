package io.clientele.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Records, schemas and {@code docs/events.asyncapi.yaml} say the same. */
class EventContractsTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "events.asyncapi.yaml");
    private static final Path SCHEMAS = Path.of("src", "main", "resources", "schemas");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .registerModule(new JavaTimeModule())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
    private static final JsonSchemaFactory FACTORY =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);

    private static final Instant AT = Instant.parse("2026-11-01T10:15:00.125Z");
    private static final ProgramId DEMO = new ProgramId("demo");
    private static final MemberId MEMBER = new MemberId("m-1001");
    private static final SegmentKey VIP = new SegmentKey("vip");

    record Sample(String schema, Object record) {}

    static Stream<Sample> records() {
        var change = new AttributeChange("country", "TH", AT, "crm", "7");
        var unset = new AttributeChange("country", null, AT, "crm", "8");
        return Stream.of(
                new Sample(
                        "received-event",
                        new ReceivedEvent(
                                DEMO,
                                "pos-7",
                                "1",
                                "purchase",
                                MEMBER,
                                new Identity("card", "4711"),
                                AT,
                                AT,
                                Map.of("amount", new BigDecimal("84.00")),
                                new EventReference("pos-7", "0"),
                                "i-1")),
                new Sample(
                        "received-event",
                        new ReceivedEvent(
                                DEMO,
                                "pos-7",
                                "1",
                                "purchase",
                                null,
                                new Identity("card", "4711"),
                                AT,
                                AT,
                                Map.of(),
                                null,
                                null)),
                new Sample(
                        "member-event",
                        new MemberRecord.EventApplied(
                                DEMO,
                                MEMBER,
                                MemberKind.MEMBER,
                                "pos-7",
                                "1",
                                "purchase",
                                AT,
                                AT,
                                Map.of("items", List.of(Map.of("sku", "RUN-1"))),
                                List.of(change, unset),
                                new EventReference("pos-7", "0"),
                                "i-1")),
                new Sample(
                        "member-event",
                        new MemberRecord.EventApplied(
                                DEMO,
                                MEMBER,
                                MemberKind.PROSPECT,
                                "web",
                                "1",
                                "page.viewed",
                                AT,
                                AT,
                                Map.of(),
                                List.of(),
                                null,
                                null)),
                new Sample(
                        "member-changed",
                        new MemberRecord.Changed(
                                DEMO, MEMBER, MemberKind.MEMBER, List.of(change), AT, "e-1")),
                new Sample("watermark", new MemberRecord.Watermark(AT)),
                new Sample(
                        "member-profile",
                        new MemberProfile(
                                DEMO,
                                MEMBER,
                                3,
                                MemberKind.MEMBER,
                                Map.of("country", "TH", "loyalty.points", 12),
                                AT,
                                AT)),
                new Sample("campaign-contact", contact(true)),
                new Sample("campaign-contact", contact(false)),
                new Sample(
                        "campaign-response",
                        new CampaignResponse(
                                "r-1",
                                "c-1",
                                DEMO,
                                "welcome",
                                VIP,
                                "email",
                                MEMBER,
                                ResponseKind.GOAL,
                                AT,
                                new EventReference("pos-7", "1"),
                                new BigDecimal("84.00"))),
                new Sample(
                        "segment-definition",
                        new SegmentDefinition(DEMO, VIP, 1, 1, true, Map.of("all", List.of()), AT)),
                new Sample(
                        "segment-override",
                        new SegmentOverride(
                                DEMO, VIP, MEMBER, true, AT, "o-1", MembershipCause.OVERRIDE)),
                new Sample("segment-membership", changed(MembershipCause.EVENT, "pos-7/1")),
                new Sample("segment-membership", changed(MembershipCause.TIME, null)),
                new Sample(
                        "segment-membership-corrected",
                        new SegmentMembershipRecord.Corrected(
                                DEMO,
                                MEMBER,
                                VIP,
                                1,
                                AT,
                                List.of(
                                        new SegmentMembershipRecord.Interval(AT, AT),
                                        new SegmentMembershipRecord.Interval(AT, null)),
                                AT,
                                MembershipCause.EVENT,
                                "pos-7/1")),
                new Sample(
                        "member-segments",
                        new MemberSegments(
                                DEMO,
                                MEMBER,
                                7,
                                Map.of(VIP, new MemberSegments.Membership(AT, 3)))),
                new Sample(
                        "registry-program",
                        new RegistryRecord.Program(
                                DEMO,
                                1,
                                "Asia/Bangkok",
                                "THB",
                                "MONDAY",
                                true,
                                RegistryRecord.UnknownMembers.CREATE,
                                "P3Y")),
                new Sample(
                        "registry-program",
                        new RegistryRecord.Program(
                                DEMO,
                                1,
                                "UTC",
                                "USD",
                                "SUNDAY",
                                false,
                                RegistryRecord.UnknownMembers.REFUSE,
                                null)),
                new Sample(
                        "registry-attribute",
                        new RegistryRecord.Attribute(
                                DEMO,
                                1,
                                "country",
                                "string",
                                "geographic",
                                "Country",
                                List.of("TH", "VN"),
                                true,
                                false)),
                new Sample(
                        "registry-attribute",
                        new RegistryRecord.Attribute(
                                DEMO,
                                1,
                                "age",
                                "integer",
                                "demographic",
                                null,
                                List.of(),
                                false,
                                true)),
                new Sample(
                        "registry-event-type",
                        new RegistryRecord.EventType(
                                DEMO, 1, "purchase", true, Map.of("type", "object"))),
                new Sample(
                        "dead-letter",
                        new DeadLetter(
                                DEMO,
                                "profile",
                                "id-reused",
                                "same id, other content",
                                Topics.MEMBER_EVENTS_RECEIVED,
                                3,
                                17,
                                AT,
                                "pos-7",
                                "1",
                                "{}")),
                new Sample(
                        "dead-letter",
                        new DeadLetter(
                                null,
                                "profile",
                                "unreadable",
                                "no JSON",
                                Topics.MEMBER_EVENTS_RECEIVED,
                                0,
                                0,
                                AT,
                                null,
                                null,
                                "?")));
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordIsAsItsSchemaSays(Sample sample) throws IOException {
        assertThat(violations(sample.schema(), JSON.writeValueAsString(sample.record()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("records")
    void schemaDescribesEveryPropertyAndNoOther(Sample sample) throws IOException {
        var described = new TreeSet<String>();
        read(SCHEMAS.resolve(sample.schema() + ".schema.json"))
                .path("properties")
                .fieldNames()
                .forEachRemaining(described::add);
        var components =
                Arrays.stream(sample.record().getClass().getRecordComponents())
                        .map(component -> component.getName())
                        .collect(Collectors.toCollection(TreeSet::new));
        if (JSON.valueToTree(sample.record()).has("record")) {
            components.add("record");
        }

        assertThat(described).isEqualTo(components);
    }

    @Test
    void everyRecordOfTheContractsHasASample() {
        var sampled =
                records().map(sample -> sample.record().getClass()).collect(Collectors.toSet());
        var all = new HashSet<Class<?>>();
        for (var type :
                List.of(MemberRecord.class, SegmentMembershipRecord.class, RegistryRecord.class)) {
            all.addAll(List.of(type.getPermittedSubclasses()));
        }
        all.addAll(
                List.of(
                        ReceivedEvent.class,
                        MemberProfile.class,
                        MemberSegments.class,
                        SegmentDefinition.class,
                        SegmentOverride.class,
                        CampaignContact.class,
                        CampaignResponse.class,
                        DeadLetter.class));

        assertThat(sampled).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({
        "segment-membership, /sequence,  ,          required property 'sequence' not found",
        "segment-membership, /change,    \"joined\", does not have a value in the enumeration",
        "segment-membership, /at,        \"1.11.\",  does not match",
        "segment-membership, /record,    \"left\",   must be the constant value",
        "segment-membership, /program,   \"Demo\",   does not match the regex pattern",
        "member-segments,    /segments,  [],         array found",
        "campaign-contact,   /contact,   ,          required property 'contact' not found",
        "campaign-response,  /kind,      \"read\",   does not have a value in the enumeration",
        "received-event,     /identity,  ,          required property",
    })
    void wrongRecordsAreRefused(String schema, String place, String value, String complaint)
            throws IOException {
        var sample =
                records()
                        .filter(candidate -> candidate.schema().equals(schema))
                        .reduce((first, second) -> second)
                        .orElseThrow()
                        .record();
        var json = (ObjectNode) JSON.valueToTree(sample);
        if (value == null) {
            json.remove(place.substring(1));
        } else {
            json.set(place.substring(1), JSON.readTree(value));
        }

        assertThat(violations(schema, json.toString()))
                .anySatisfy(violation -> assertThat(violation).contains(complaint));
    }

    @Test
    void documentHasEveryTopic() throws IOException, IllegalAccessException {
        var expected = new HashMap<String, Boolean>();
        for (var field : Topics.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                expected.put((String) field.get(null), true);
            }
        }
        expected.put("{program}.segment-memberships.v1", false);
        expected.put("{program}.member-segments.v1", false);
        expected.put("{program}.campaign-contacts.v1", false);

        var isInternal = new HashMap<String, Boolean>();
        for (var channel : read(DOCUMENT).path("channels")) {
            isInternal.put(
                    channel.path("address").asText(), channel.path("x-internal").asBoolean());
        }

        assertThat(isInternal).isEqualTo(expected);
        assertThat(Topics.segmentMembershipsOf(DEMO)).isEqualTo("demo.segment-memberships.v1");
        assertThat(Topics.memberSegmentsOf(DEMO)).isEqualTo("demo.member-segments.v1");
        assertThat(Topics.campaignContactsOf(DEMO)).isEqualTo("demo.campaign-contacts.v1");
    }

    @Test
    void documentNamesOnlyWhatExistsAndEverySchema() throws IOException {
        var document = read(DOCUMENT);
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        var files = new TreeSet<String>();
        for (var reference : references(document)) {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                var file = DOCUMENT.resolveSibling(reference).normalize();
                assertThat(file).exists();
                files.add(file.getFileName().toString());
            }
        }
        files.add("common.schema.json");
        try (var all = Files.list(SCHEMAS)) {
            assertThat(files)
                    .isEqualTo(
                            all.map(file -> file.getFileName().toString())
                                    .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @Test
    void everySchemaNamesOnlyDefinitionsThatExist() throws IOException {
        var common = read(SCHEMAS.resolve("common.schema.json"));
        try (var all = Files.list(SCHEMAS)) {
            for (var file : all.toList()) {
                for (var reference : references(read(file))) {
                    var pointer = reference.substring(reference.indexOf('#') + 1);
                    assertThat(reference)
                            .matches("(common\\.schema\\.json)?#/definitions/[a-zA-Z]+");
                    assertThat(common.at(pointer).isMissingNode())
                            .as("%s in %s", reference, file)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void examplesOfTheDocumentAreValid() throws IOException {
        var examples = new ArrayList<String>();
        for (var message : read(DOCUMENT).path("components").path("messages")) {
            for (var example : message.path("examples")) {
                examples.add(example.path("name").asText());
                assertThat(
                                violations(
                                        schemaName(message.path("payload")),
                                        example.path("payload").toString()))
                        .isEmpty();
                if (example.has("headers")) {
                    assertThat(
                                    violations(
                                            schemaName(message.path("headers")),
                                            example.path("headers").toString()))
                            .isEmpty();
                    assertThat(example.at("/headers/ce_type")).isEqualTo(message.path("name"));
                }
            }
        }
        assertThat(examples).containsExactlyInAnyOrder("entered", "two segments", "contact");
    }

    private static String schemaName(JsonNode reference) {
        var file = Path.of(reference.path("$ref").asText()).getFileName().toString();
        return file.substring(0, file.length() - ".schema.json".length());
    }

    private static SegmentMembershipRecord.Changed changed(
            MembershipCause cause, @Nullable String causeId) {
        return new SegmentMembershipRecord.Changed(
                "demo:m-1001:7",
                DEMO,
                MEMBER,
                VIP,
                3,
                MembershipChange.ENTERED,
                AT,
                AT,
                false,
                cause,
                causeId,
                7);
    }

    private static CampaignContact contact(boolean whole) {
        return new CampaignContact(
                "c-1",
                DEMO,
                MEMBER,
                "welcome",
                1,
                VIP,
                "email",
                whole ? "en" : null,
                new CampaignContact.Message(
                        whole ? "Welcome" : null, "Hello {{firstName}}", List.of("firstName")),
                whole ? new CampaignContact.Offer("ten-percent", "ABC") : null,
                AT,
                whole ? AT : null,
                AT,
                41);
    }

    private static Set<String> references(JsonNode node) {
        return node.findValuesAsText("$ref").stream()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> violations(String schema, String json) {
        return schema(schema)
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonSchema schema(String name) {
        return FACTORY.getSchema(
                SchemaLocation.of("classpath:schemas/" + name + ".schema.json"),
                SchemaValidatorsConfig.builder().build());
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
