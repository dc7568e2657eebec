package io.clientele.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Knows who is in which segment, from Kafka alone: first every member's segments from the compacted
 * topic, then each change. The example of docs/subscribing.md, word for word.
 */
final class MembershipSubscriber implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final ObjectMapper json = new ObjectMapper();
    private final KafkaConsumer<String, String> consumer;
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, TreeSet<String>> membersBySegment = new TreeMap<>();

    /**
     * Reads what stands.
     *
     * @param connection Kafka's address and the program's own credentials
     */
    MembershipSubscriber(Map<String, Object> connection, String program) throws IOException {
        var settings = new HashMap<>(connection);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        var changes = partitions(program + ".segment-memberships.v1");
        var states = partitions(program + ".member-segments.v1");
        // Where changes end now: all before it are in the states that are read after this.
        var from = consumer.endOffsets(changes);
        consumer.assign(states);
        consumer.seekToBeginning(states);
        var end = consumer.endOffsets(states);
        while (end.entrySet().stream()
                .anyMatch(it -> consumer.position(it.getKey()) < it.getValue())) {
            for (var record : consumer.poll(POLL)) {
                takeState(json.readTree(record.value()));
            }
        }
        consumer.assign(changes);
        from.forEach(consumer::seek);
    }

    /** Waits a moment for changes and takes them; returns how many came. */
    int follow() throws IOException {
        var records = consumer.poll(POLL);
        for (var record : records) {
            takeChange(json.readTree(record.value()));
        }
        return records.count();
    }

    /** Who is in a segment, as far as read. */
    TreeSet<String> members(String segment) {
        return new TreeSet<>(membersBySegment.getOrDefault(segment, new TreeSet<>()));
    }

    private void takeState(JsonNode state) {
        var member = state.path("member").asText();
        sequences.put(member, state.path("sequence").asLong());
        membersBySegment.values().forEach(members -> members.remove(member));
        state.path("segments")
                .fieldNames()
                .forEachRemaining(segment -> membersOf(segment).add(member));
    }

    private void takeChange(JsonNode change) {
        var member = change.path("member").asText();
        long sequence = change.path("sequence").asLong();
        if (sequence <= sequences.getOrDefault(member, 0L)) {
            return; // Known already: from the state, or told again.
        }
        sequences.put(member, sequence);
        var members = membersOf(change.path("segment").asText());
        if (change.path("change").asText().equals("entered")) {
            members.add(member);
        } else {
            members.remove(member);
        }
    }

    private TreeSet<String> membersOf(String segment) {
        return membersBySegment.computeIfAbsent(segment, unused -> new TreeSet<>());
    }

    private List<TopicPartition> partitions(String topic) {
        var partitions = new ArrayList<TopicPartition>();
        consumer.partitionsFor(topic)
                .forEach(it -> partitions.add(new TopicPartition(topic, it.partition())));
        return partitions;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
