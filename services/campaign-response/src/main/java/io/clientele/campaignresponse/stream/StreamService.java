package io.clientele.campaignresponse.stream;

import io.clientele.campaignresponse.campaign.CampaignRepository;
import io.clientele.campaignresponse.contact.ContactService;
import io.clientele.campaignresponse.member.MemberRepository;
import io.clientele.campaignresponse.outbox.OutboxPublisher;
import io.clientele.campaignresponse.outbox.OutboxRecord;
import io.clientele.campaignresponse.outbox.OutboxRepository;
import io.clientele.campaignresponse.response.ResponseService;
import io.clientele.common.json.Json;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.Topics;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Applies what was read, and that it was read, in one transaction: profiles, then memberships with
 * the contacts they are an occasion for, then events with the responses they are. Thread-safe.
 */
@ApplicationScoped
class StreamService {
    private static final Logger LOG = Logger.getLogger(StreamService.class);
    private static final String DEAD_LETTER = "io.clientele.dead-letter.v1";

    private final PositionRepository positions;
    private final MemberRepository members;
    private final CampaignRepository campaigns;
    private final ContactService contacts;
    private final ResponseService responses;
    private final OutboxRepository outbox;
    private final OutboxPublisher publisher;
    private final ProgramTransactions transactions;
    private final Clock clock;

    @Inject
    StreamService(
            PositionRepository positions,
            MemberRepository members,
            CampaignRepository campaigns,
            ContactService contacts,
            ResponseService responses,
            OutboxRepository outbox,
            OutboxPublisher publisher,
            ProgramTransactions transactions,
            Clock clock) {
        this.positions = positions;
        this.members = members;
        this.campaigns = campaigns;
        this.contacts = contacts;
        this.responses = responses;
        this.outbox = outbox;
        this.publisher = publisher;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** What was read of one program. */
    private static final class Batch {
        private final List<MemberProfile> profiles = new ArrayList<>();
        private final List<MemberId> forgotten = new ArrayList<>();
        private final List<SegmentMembershipRecord.Changed> changes = new ArrayList<>();
        private final List<MemberRecord.EventApplied> events = new ArrayList<>();
        private final List<OutboxRecord> unreadable = new ArrayList<>();
    }

    /** Where to read on. */
    Map<TopicPartition, PositionRepository.Position> positions() {
        return QuarkusTransaction.requiringNew().call(positions::all);
    }

    /** Applies records and moves on. */
    void write(
            List<ConsumerRecord<byte[], byte[]>> records,
            Map<TopicPartition, PositionRepository.Position> next) {
        // In one order everywhere, so that instances never wait for each other in a circle.
        var of = new TreeMap<String, Batch>();
        for (var record : records) {
            sort(record, of);
        }
        if (of.isEmpty() && next.isEmpty()) {
            return;
        }
        QuarkusTransaction.requiringNew()
                .run(() -> {
                    of.forEach((program, batch) -> {
                        transactions.enter(program);
                        apply(new ProgramId(program), batch);
                    });
                    positions.save(next);
                });
        if (!of.isEmpty()) {
            publisher.call();
        }
    }

    private void apply(ProgramId program, Batch batch) {
        members.profiles(batch.profiles);
        batch.forgotten.forEach(member -> members.forget(program, member));
        members.memberships(batch.changes);
        if (!batch.changes.isEmpty() || !batch.events.isEmpty()) {
            var started = campaigns.started(program);
            if (!started.isEmpty()) {
                contacts.entered(program, started, batch.changes);
                responses.take(program, started, batch.events);
            }
        }
        outbox.append(program, batch.unreadable);
    }

    private void sort(ConsumerRecord<byte[], byte[]> record, Map<String, Batch> of) {
        if (record.key() == null) {
            // A watermark: it tells the time of a partition and nothing of a member.
            return;
        }
        var key = new String(record.key(), StandardCharsets.UTF_8);
        int end = key.indexOf(':');
        if (end < 1) {
            LOG.errorf(
                    "record of no program passed over topic=%s partition=%d offset=%d",
                    record.topic(), record.partition(), record.offset());
            return;
        }
        var batch = of.computeIfAbsent(key.substring(0, end), unused -> new Batch());
        try {
            if (record.value() == null) {
                if (record.topic().equals(Topics.MEMBER_PROFILES)) {
                    batch.forgotten.add(new MemberId(key.substring(end + 1)));
                }
                return;
            }
            switch (record.topic()) {
                case Topics.MEMBER_PROFILES ->
                        batch.profiles.add(Json.read(record.value(), MemberProfile.class));
                case Topics.SEGMENT_MEMBERSHIPS -> {
                    if (Json.read(record.value(), SegmentMembershipRecord.class)
                            instanceof SegmentMembershipRecord.Changed change) {
                        batch.changes.add(change);
                    }
                }
                default -> {
                    if (Json.read(record.value(), MemberRecord.class)
                            instanceof MemberRecord.EventApplied event) {
                        batch.events.add(event);
                    }
                }
            }
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.warnf(
                    "record not readable topic=%s partition=%d offset=%d",
                    record.topic(), record.partition(), record.offset());
            batch.unreadable.add(deadLetter(key, end, record));
        }
    }

    private OutboxRecord deadLetter(String key, int end, ConsumerRecord<byte[], byte[]> record) {
        var program = new ProgramId(key.substring(0, end));
        return new OutboxRecord(
                Topics.DEAD_LETTERS,
                program,
                key,
                record.topic() + ":" + record.partition() + ":" + record.offset(),
                DEAD_LETTER,
                null,
                Json.bytes(
                        new DeadLetter(
                                program,
                                "campaign-response",
                                "unreadable",
                                "the record does not have the form of its topic",
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                clock.instant(),
                                null,
                                null,
                                new String(record.value(), StandardCharsets.UTF_8))));
    }
}
