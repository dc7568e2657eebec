package io.clientele.segmentation.membership;

import io.clientele.common.json.Json;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Writes and reads the history of memberships. Thread-safe. */
@ApplicationScoped
class MembershipHistoryService {
    private final MembershipRepository repository;
    private final ProgramTransactions transactions;

    @Inject
    MembershipHistoryService(MembershipRepository repository, ProgramTransactions transactions) {
        this.repository = repository;
        this.transactions = transactions;
    }

    /** Where to read on. */
    Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        return QuarkusTransaction.requiringNew()
                .call(() -> {
                    var positions = new HashMap<TopicPartition, Long>();
                    partitions.forEach(
                            partition -> positions.put(partition, repository.position(partition)));
                    return positions;
                });
    }

    /** Writes what was read and that it was read, in one transaction. */
    void write(List<ConsumerRecord<byte[], byte[]>> batch, Map<TopicPartition, Long> next) {
        // In one order for all writers, so that none waits for one that waits for it.
        var of = new TreeMap<String, List<SegmentMembershipRecord>>();
        for (var record : batch) {
            var change = Json.read(record.value(), SegmentMembershipRecord.class);
            of.computeIfAbsent(change.program().value(), unused -> new ArrayList<>()).add(change);
        }
        QuarkusTransaction.requiringNew()
                .run(() -> {
                    of.forEach((program, records) -> {
                        transactions.enter(program);
                        record(new ProgramId(program), records);
                    });
                    repository.positions(next);
                });
    }

    /** Reads what a batch touches, works in memory, and writes the difference. */
    private void record(ProgramId program, List<SegmentMembershipRecord> records) {
        var stays = new RecordedStays(repository.standing(program, RecordedStays.from(records)));
        records.forEach(stays::apply);
        if (!stays.changed().isEmpty()) {
            repository.change(program, stays.changed());
        }
        if (!stays.added().isEmpty()) {
            repository.add(program, stays.added());
        }
    }

    /** A member's stays, the latest first. */
    List<MembershipStay> of(ProgramId program, MemberId member, int limit, int skip) {
        return transactions.call(
                program.value(), () -> repository.history(program, member, limit, skip));
    }
}
