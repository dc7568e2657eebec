package io.clientele.campaignresponse.store;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Statements in the transaction under way. Parameters may be what JDBC takes, {@link Instant}, and
 * {@code String[]} for {@code = any (?)}. Thread-safe.
 */
@ApplicationScoped
public class Database {
    private final AgroalDataSource dataSource;

    @Inject
    Database(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Reads one row. */
    public interface Row<T> {
        /** Reads it; must not move on. */
        T read(ResultSet row) throws SQLException;
    }

    /** All rows, in the order of the query. */
    public <T> List<T> query(String sql, Row<T> reader, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, parameters);
            var found = new ArrayList<T>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a query", e);
        }
    }

    /** Changes rows; says how many. */
    public int update(String sql, @Nullable Object... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a change", e);
        }
    }

    /** The same change for each set of parameters, in their order; says how many rows of each. */
    public int[] batch(String sql, Collection<@Nullable Object[]> parameters) {
        if (parameters.isEmpty()) {
            return new int[0];
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (var one : parameters) {
                bind(connection, statement, one);
                statement.addBatch();
            }
            return statement.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused a batch", e);
        }
    }

    /** A column as an instant. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** A column as an instant, or null. */
    public static @Nullable Instant instantOrNull(ResultSet row, String column)
            throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** Texts as a parameter of {@code = any (?)}. */
    public static String[] texts(Collection<?> values) {
        return values.stream().map(String::valueOf).toArray(String[]::new);
    }

    /**
     * What each of {@code values} has, as a column of {@code unnest (?::type[], …)}: many rows are
     * one statement.
     */
    public static <T> String[] texts(Collection<T> values, Function<T, ?> column) {
        return values.stream().map(value -> column.apply(value).toString()).toArray(String[]::new);
    }

    private static void bind(
            Connection connection, PreparedStatement statement, @Nullable Object... parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            switch (value) {
                case Instant instant ->
                        statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
                case String[] texts ->
                        statement.setArray(
                                i + 1,
                                connection.createArrayOf(
                                        "text",
                                        Arrays.copyOf(texts, texts.length, Object[].class)));
                case null, default -> statement.setObject(i + 1, value);
            }
        }
    }
}
