package io.clientele.reporting;

import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.ResponseKind;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import io.clientele.contracts.Topics;
import io.clientele.testkit.KafkaProbe;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What the services before this one write about one program, written by a test. */
final class Upstream implements AutoCloseable {
    static final int PARTITIONS = 8;

    private final KafkaProbe kafka = KafkaProbe.connect();
    private final ProgramId program;
    private final Map<String, Long> sequences = new HashMap<>();
    private final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    private int responses;

    /** Creates the topics and tells the registry of the program. */
    Upstream(String program, String timeZone) {
        this.program = new ProgramId(program);
        for (var topic :
                List.of(
                        Topics.MEMBER_EVENTS,
                        Topics.SEGMENT_MEMBERSHIPS,
                        Topics.CAMPAIGN_CONTACTS,
                        Topics.CAMPAIGN_RESPONSES)) {
            kafka.createTopic(topic, PARTITIONS, Map.of("retention.ms", "-1"));
        }
        kafka.createTopic(
                Topics.SEGMENT_DEFINITIONS, PARTITIONS, Map.of("cleanup.policy", "compact"));
        kafka.createTopic(Topics.PROGRAM_REGISTRY, 1, Map.of("cleanup.policy", "compact"));
        var settings =
                new RegistryRecord.Program(
                        this.program,
                        1,
                        timeZone,
                        "EUR",
                        "MONDAY",
                        true,
                        RegistryRecord.UnknownMembers.CREATE,
                        null);
        kafka.send(
                new ProducerRecord<>(
                        Topics.PROGRAM_REGISTRY, settings.key(), Json.bytes(settings)));
    }

    void define(String segment, boolean active) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            kafka.send(
                    new ProducerRecord<>(
                            Topics.SEGMENT_DEFINITIONS,
                            partition,
                            program + ":" + segment,
                            Json.bytes(
                                    new SegmentDefinition(
                                            program,
                                            new SegmentKey(segment),
                                            1,
                                            1,
                                            active,
                                            Map.of("all", List.of()),
                                            Instant.EPOCH))));
        }
    }

    void purchase(String member, String id, String at, String amount) {
        event(member, id, "purchase", at, Map.of("amount", new BigDecimal(amount)), null);
    }

    void replace(String member, String id, String replaced, String at, String amount) {
        event(
                member,
                id,
                "purchase",
                at,
                Map.of("amount", new BigDecimal(amount)),
                new EventReference("pos", replaced));
    }

    void bringBack(String member, String id, String at, String amount) {
        event(member, id, "return", at, Map.of("amount", new BigDecimal(amount)), null);
    }

    void retract(String member, String id, String retracted, String at) {
        event(
                member,
                id,
                EventTypes.EVENT_RETRACTED,
                at,
                Map.of("source", "pos", "id", retracted),
                null);
    }

    void event(
            String member,
            String id,
            String type,
            String at,
            Map<String, Object> properties,
            @Nullable EventReference replaces) {
        send(
                Topics.MEMBER_EVENTS,
                member,
                new MemberRecord.EventApplied(
                        program,
                        new MemberId(member),
                        MemberKind.MEMBER,
                        "pos",
                        id,
                        type,
                        Instant.parse(at),
                        Instant.parse(at),
                        properties,
                        List.of(),
                        replaces,
                        null));
    }

    void enter(String segment, String member, String at) {
        change(segment, member, MembershipChange.ENTERED, at);
    }

    void leave(String segment, String member, String at) {
        change(segment, member, MembershipChange.LEFT, at);
    }

    private void change(String segment, String member, MembershipChange change, String at) {
        long sequence = sequences.merge(member, 1L, Long::sum);
        send(
                Topics.SEGMENT_MEMBERSHIPS,
                member,
                new SegmentMembershipRecord.Changed(
                        program + ":" + member + ":" + sequence,
                        program,
                        new MemberId(member),
                        new SegmentKey(segment),
                        1,
                        change,
                        Instant.parse(at),
                        Instant.parse(at).plusMillis(40),
                        false,
                        MembershipCause.EVENT,
                        "pos/x",
                        sequence));
    }

    void correct(String segment, String member, String from, Interval... intervals) {
        send(
                Topics.SEGMENT_MEMBERSHIPS,
                member,
                new SegmentMembershipRecord.Corrected(
                        program,
                        new MemberId(member),
                        new SegmentKey(segment),
                        1,
                        Instant.parse(from),
                        List.of(intervals),
                        Instant.parse("2026-03-06T00:00:00Z"),
                        MembershipCause.EVENT,
                        "pos/late"));
    }

    void contact(String contact, String member, String segment, String channel, String decidedAt) {
        send(
                Topics.CAMPAIGN_CONTACTS,
                member,
                new CampaignContact(
                        contact,
                        program,
                        new MemberId(member),
                        "spring",
                        1,
                        new SegmentKey(segment),
                        channel,
                        null,
                        new CampaignContact.Message("Hello", "Spring is here", List.of()),
                        null,
                        Instant.parse(decidedAt),
                        null,
                        Instant.parse(decidedAt),
                        1));
    }

    void respond(
            String contact,
            String member,
            String segment,
            String channel,
            ResponseKind kind,
            @Nullable String value) {
        respond(
                contact,
                member,
                segment,
                channel,
                kind,
                value,
                new EventReference("engine", "e-" + responses));
    }

    void respond(
            String contact,
            String member,
            String segment,
            String channel,
            ResponseKind kind,
            @Nullable String value,
            EventReference event) {
        send(
                Topics.CAMPAIGN_RESPONSES,
                member,
                new CampaignResponse(
                        "r-" + responses++,
                        contact,
                        program,
                        "spring",
                        new SegmentKey(segment),
                        channel,
                        new MemberId(member),
                        kind,
                        Instant.parse("2026-03-04T00:00:00Z"),
                        event,
                        value == null ? null : new BigDecimal(value)));
    }

    /** Says that everything up to an instant was told. */
    void watermark(String through) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            kafka.send(
                    new ProducerRecord<>(
                            Topics.MEMBER_EVENTS,
                            partition,
                            (String) null,
                            Json.bytes(new MemberRecord.Watermark(Instant.parse(through)))));
        }
    }

    /** Writes a value that is no record, as a broken producer would. */
    void garbage() {
        kafka.send(
                new ProducerRecord<>(
                        Topics.MEMBER_EVENTS,
                        program + ":m1",
                        "{\"no\":1}".getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes everything that was told about members once more, in the same order; says how much.
     */
    int repeat() {
        sent.forEach(kafka::send);
        return sent.size();
    }

    private void send(String topic, String member, Object value) {
        var record = new ProducerRecord<>(topic, program + ":" + member, Json.bytes(value));
        sent.add(record);
        kafka.send(record);
    }

    KafkaProbe kafka() {
        return kafka;
    }

    @Override
    public void close() {
        kafka.close();
    }
}
