package io.clientele.reporting.position;

import io.agroal.api.AgroalDataSource;
import io.clientele.common.kafka.KafkaSettings;
import io.clientele.contracts.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Positions in PostgreSQL. Every call belongs in a transaction. Thread-safe. */
@ApplicationScoped
public class PositionRepository {
    private final AgroalDataSource dataSource;
    private final int partitions;

    @Inject
    PositionRepository(AgroalDataSource dataSource, KafkaSettings settings) {
        this.dataSource = dataSource;
        this.partitions = settings.partitions();
    }

    /** Where to read on; a partition never read begins at 0. */
    public Map<TopicPartition, Position> read(Collection<TopicPartition> partitions) {
        var positions = new HashMap<TopicPartition, Position>();
        try (Connection connection = dataSource.getConnection();
                var insert =
                        connection.prepareStatement(
                                "insert into consumer_position (topic, partition, next) values (?,"
                                        + " ?, 0) on conflict do nothing");
                var select =
                        connection.prepareStatement(
                                "select next, through from consumer_position where topic = ? and"
                                        + " partition = ?")) {
            for (var partition : partitions) {
                insert.setString(1, partition.topic());
                insert.setInt(2, partition.partition());
                insert.executeUpdate();
                select.setString(1, partition.topic());
                select.setInt(2, partition.partition());
                try (var rows = select.executeQuery()) {
                    if (rows.next()) {
                        positions.put(
                                partition,
                                new Position(
                                        rows.getLong(1),
                                        instant(rows.getObject(2, OffsetDateTime.class))));
                    }
                }
            }
            return positions;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    /**
     * Moves on, in the transaction of what was read. Holds the rows until its end, so that nobody
     * else writes what the same records tell.
     *
     * @param from where each partition stood when its records were read
     * @param to where it stands after them; the same partitions
     * @throws IllegalStateException if one stands elsewhere: it was moved by another, or the tables
     *     were emptied
     */
    public void advance(Map<TopicPartition, Position> from, Map<TopicPartition, Position> to) {
        try (Connection connection = dataSource.getConnection();
                var update =
                        connection.prepareStatement(
                                "update consumer_position set next = ?, through = ?::timestamptz"
                                        + " where topic = ? and partition = ? and next = ?")) {
            int moved = 0;
            for (var entry : to.entrySet()) {
                var before = from.get(entry.getKey());
                if (before == null) {
                    throw new IllegalStateException("no position is known of " + entry.getKey());
                }
                update.setLong(1, entry.getValue().next());
                update.setString(2, text(entry.getValue().through()));
                update.setString(3, entry.getKey().topic());
                update.setInt(4, entry.getKey().partition());
                update.setLong(5, before.next());
                update.addBatch();
            }
            for (int count : update.executeBatch()) {
                moved += count;
            }
            if (moved != to.size()) {
                throw new IllegalStateException(
                        "a partition stands elsewhere than where it was read from");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }

    /**
     * The instant up to which every event that ingestion accepted is in the tables; empty until
     * profile has said so of every partition.
     */
    public Optional<Instant> asOf() {
        try (Connection connection = dataSource.getConnection();
                var statement =
                        connection.prepareStatement(
                                // A partition that nobody has read yet has no row.
                                "select case when count(through) = count(*) and count(*) >= ? then"
                                        + " min(through) end from consumer_position where topic ="
                                        + " ?")) {
            statement.setInt(1, partitions);
            statement.setString(2, Topics.MEMBER_EVENTS);
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? Optional.ofNullable(instant(rows.getObject(1, OffsetDateTime.class)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    private static @Nullable String text(@Nullable Instant value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime value) {
        return value == null ? null : value.toInstant();
    }
}
