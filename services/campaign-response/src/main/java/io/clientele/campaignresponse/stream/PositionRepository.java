package io.clientele.campaignresponse.stream;

import io.clientele.campaignresponse.store.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far topics have been read. Every call belongs in a transaction. */
@ApplicationScoped
class PositionRepository {
    private final Database database;

    @Inject
    PositionRepository(Database database) {
        this.database = database;
    }

    /**
     * A place in a partition.
     *
     * @param next the offset to read next
     * @param asOf the timestamp of the last record before it
     */
    record Position(long next, Instant asOf) {}

    Map<TopicPartition, Position> all() {
        var found = new HashMap<TopicPartition, Position>();
        for (var row :
                database.query(
                        "select topic, partition, next, as_of from consumer_position",
                        row ->
                                Map.entry(
                                        new TopicPartition(
                                                row.getString("topic"), row.getInt("partition")),
                                        new Position(
                                                row.getLong("next"),
                                                Database.instant(row, "as_of"))))) {
            found.put(row.getKey(), row.getValue());
        }
        return found;
    }

    void save(Map<TopicPartition, Position> positions) {
        var partitions = positions.entrySet();
        int unused =
                database.update(
                        "insert into consumer_position (topic, partition, next, as_of) select *"
                                + " from unnest(?::text[], ?::int[], ?::bigint[],"
                                + " ?::timestamptz[]) on conflict (topic, partition) do update set"
                                + " next = excluded.next, as_of = excluded.as_of",
                        Database.texts(partitions, at -> at.getKey().topic()),
                        Database.texts(partitions, at -> at.getKey().partition()),
                        Database.texts(partitions, at -> at.getValue().next()),
                        Database.texts(partitions, at -> at.getValue().asOf()));
    }
}
