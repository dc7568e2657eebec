package io.clientele.reporting.fact;

import io.clientele.common.json.Json;
import io.clientele.contracts.CampaignContact;
import io.clientele.contracts.CampaignResponse;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What a poll brought, read and sorted by program. Not thread-safe. */
final class FactBatch {
    /** Of one program, each list in the order of its topic's partitions. */
    static final class OfProgram {
        final List<MemberEvent> events = new ArrayList<>();
        final List<EventReference> takenBack = new ArrayList<>();
        final List<SegmentMembershipRecord> memberships = new ArrayList<>();
        final List<CampaignContact> contacts = new ArrayList<>();
        final List<CampaignResponse> responses = new ArrayList<>();

        /** Events of every type, by partition. */
        final SortedMap<Integer, Long> eventCounts = new TreeMap<>();

        long eventCount() {
            return eventCounts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** A record that can never be read, and why. */
    record Unreadable(ConsumerRecord<byte[], byte[]> record, String detail) {}

    /** In one order for all writers, so that none waits for one that waits for it. */
    private final SortedMap<ProgramId, OfProgram> programs = new TreeMap<>();

    private final Map<TopicPartition, Instant> through = new HashMap<>();
    private final List<Unreadable> unreadable = new ArrayList<>();

    private FactBatch() {}

    /** Reads records of the topics that {@link FactConsumer} subscribes to. */
    static FactBatch of(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        var batch = new FactBatch();
        for (var record : records) {
            try {
                batch.add(record);
            } catch (UncheckedIOException | IllegalArgumentException e) {
                batch.unreadable.add(new Unreadable(record, String.valueOf(e.getMessage())));
            }
        }
        return batch;
    }

    /** Ascending. */
    SortedMap<ProgramId, OfProgram> programs() {
        return programs;
    }

    /** The latest watermark of each partition that had one. */
    Map<TopicPartition, Instant> through() {
        return through;
    }

    List<Unreadable> unreadable() {
        return unreadable;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("expected a value, there was none");
        }
        switch (record.topic()) {
            case Topics.MEMBER_EVENTS -> {
                switch (Json.read(record.value(), MemberRecord.class)) {
                    case MemberRecord.EventApplied event -> add(event, record.partition());
                    case MemberRecord.Changed ignored -> {}
                    case MemberRecord.Watermark watermark ->
                            through.merge(
                                    new TopicPartition(record.topic(), record.partition()),
                                    watermark.receivedThrough(),
                                    (held, told) -> told.isAfter(held) ? told : held);
                }
            }
            case Topics.SEGMENT_MEMBERSHIPS -> {
                var change = Json.read(record.value(), SegmentMembershipRecord.class);
                of(change.program()).memberships.add(change);
            }
            case Topics.CAMPAIGN_CONTACTS -> {
                var contact = Json.read(record.value(), CampaignContact.class);
                of(contact.program()).contacts.add(contact);
            }
            case Topics.CAMPAIGN_RESPONSES -> {
                var response = Json.read(record.value(), CampaignResponse.class);
                of(response.program()).responses.add(response);
            }
            default -> throw new IllegalStateException("not subscribed to " + record.topic());
        }
    }

    private void add(MemberRecord.EventApplied event, int partition) {
        var kind = EventKind.of(event.type());
        var amount =
                kind.filter(it -> it != EventKind.ENROLLMENT).isPresent()
                        ? amount(event.properties().get("amount"))
                        : BigDecimal.ZERO;
        var taken =
                event.type().equals(EventTypes.EVENT_RETRACTED)
                        ? new EventReference(
                                text(event.properties(), "source"), text(event.properties(), "id"))
                        : event.replaces();
        var facts = of(event.program());
        facts.eventCounts.merge(partition, 1L, Long::sum);
        if (taken != null) {
            facts.takenBack.add(taken);
        }
        kind.ifPresent(it ->
                facts.events.add(
                        new MemberEvent(
                                event.reference(),
                                event.member(),
                                it,
                                event.occurredAt(),
                                amount)));
    }

    private OfProgram of(ProgramId program) {
        return programs.computeIfAbsent(program, unused -> new OfProgram());
    }

    private static BigDecimal amount(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw new IllegalArgumentException("amount must be a number, was " + value);
    }

    private static String text(Map<String, Object> properties, String name) {
        if (properties.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name + " must be text, was " + properties.get(name));
    }
}
