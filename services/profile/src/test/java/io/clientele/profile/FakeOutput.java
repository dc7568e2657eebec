package io.clientele.profile;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Keeps what a step writes. */
public final class FakeOutput implements TransactionalLoop.Output {
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    @Override
    public void send(ProducerRecord<byte[], byte[]> record) {
        records.add(record);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.of();
    }

    @Override
    public long position(TopicPartition partition) {
        return 0;
    }

    public List<ProducerRecord<byte[], byte[]>> records(String topic) {
        return records.stream().filter(it -> it.topic().equals(topic)).toList();
    }

    public List<MemberRecord.EventApplied> applied() {
        return values(Topics.MEMBER_EVENTS, MemberRecord.EventApplied.class);
    }

    public List<MemberProfile> profiles() {
        return values(Topics.MEMBER_PROFILES, MemberProfile.class);
    }

    public List<DeadLetter> deadLetters() {
        return values(Topics.DEAD_LETTERS, DeadLetter.class);
    }

    private <T> List<T> values(String topic, Class<T> type) {
        return records(topic).stream().map(it -> Json.read(it.value(), type)).toList();
    }
}
