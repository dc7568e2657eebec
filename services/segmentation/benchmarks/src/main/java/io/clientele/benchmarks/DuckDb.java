package io.clientele.benchmarks;

import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A {@link World} in an in-memory DuckDB, as a competent user would keep it: words are the small
 * integer keys of a star schema (measured: as ENUMs, a list of three categories takes twice as
 * long), amounts are DECIMAL (INTEGER cents and DOUBLE take as long), nothing is compressed
 * (slower). Not thread-safe.
 *
 * <p>Tables: {@code member}; {@code member_interest}, one row for each interest; the purchases
 * twice, as {@code purchase_by_time} and {@code purchase_by_member}, as each order serves other
 * questions.
 */
final class DuckDb implements AutoCloseable {
    private static final int CHUNK = 2_000_000;

    private final DuckDBConnection connection;

    private DuckDb(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** Loads. Cost: about 1 s for a million purchases. */
    static DuckDb load(World world, int threads) throws SQLException {
        DuckDb loaded = new DuckDb((DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:"));
        loaded.execute("SET threads=" + threads);
        loaded.loadMembers(world);
        loaded.loadPurchases(world);
        return loaded;
    }

    /** The version of the library, such as {@code v2.0.0}. */
    String version() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    /** A query of one number, planned once. */
    Count prepareCount(String members) throws SQLException {
        return new Count(
                connection.prepareStatement("SELECT count(*) FROM (" + members + ") AS found"));
    }

    /** The numbers of the members that a query answers, in order. */
    List<Integer> members(String query) throws SQLException {
        List<Integer> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query + " ORDER BY 1")) {
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
        }
        return found;
    }

    /** How DuckDB means to answer a query. */
    String explain(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN ANALYZE " + query)) {
            StringBuilder text = new StringBuilder();
            while (rows.next()) {
                text.append(rows.getString(2));
            }
            return text.toString();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** A prepared query of one number. Not thread-safe. */
    static final class Count implements AutoCloseable {
        private final PreparedStatement statement;

        private Count(PreparedStatement statement) {
            this.statement = statement;
        }

        long run() throws SQLException {
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }

        @Override
        public void close() throws SQLException {
            statement.close();
        }
    }

    // --- Loading ---------------------------------------------------------------------------------

    private void loadMembers(World world) throws SQLException {
        StringBuilder raw = new StringBuilder("CREATE TABLE raw_member (id INTEGER");
        StringBuilder columns = new StringBuilder("id");
        for (Column column : world.columns) {
            String name = column.name();
            switch (column) {
                case Column.Codes ignored -> {
                    raw.append(", ").append(name).append(" SMALLINT");
                    columns.append(", ").append(name).append("::USMALLINT AS ").append(name);
                }
                case Column.Numbers numbers -> {
                    boolean cents = numbers.type() == io.clientele.engine.ValueType.NUMBER;
                    raw.append(", ").append(name).append(" INTEGER");
                    columns.append(", ")
                            .append(cents ? "(" + name + " / 100)::DECIMAL(9,2)" : name)
                            .append(" AS ")
                            .append(name);
                }
                case Column.Days ignored -> {
                    raw.append(", ").append(name).append(" DATE");
                    columns.append(", ").append(name);
                }
                case Column.Moments ignored -> {
                    raw.append(", ").append(name).append(" BIGINT");
                    columns.append(", ").append(time(name));
                }
                case Column.Flags ignored -> {
                    raw.append(", ").append(name).append(" BOOLEAN");
                    columns.append(", ").append(name);
                }
                case Column.Places ignored -> {
                    raw.append(", ").append(name).append("Latitude DOUBLE, ");
                    raw.append(name).append("Longitude DOUBLE");
                    columns.append(", ").append(name).append("Latitude, ");
                    columns.append(name).append("Longitude");
                }
                case Column.Sets sets -> {
                    createEnum(name + "_word", sets.words());
                    raw.append(", ").append(name).append(" INTEGER");
                    columns.append(", nullif(").append(name).append(", 0) AS ");
                    columns.append(name).append("Mask, ");
                    columns.append("CASE WHEN ").append(name).append(" <> 0 THEN list_transform(");
                    columns.append("list_filter(range(32), lambda i: (").append(name);
                    columns.append(" >> i) & 1 = 1), lambda i: enum_range(NULL::").append(name);
                    columns.append("_word)[i + 1]::").append(name).append("_word) END AS ");
                    columns.append(name);
                }
            }
        }
        execute(raw.append(")").toString());
        try (DuckDBAppender appender = appender("raw_member")) {
            for (int member = 0; member < world.members; member++) {
                appender.beginRow().append(member);
                for (Column column : world.columns) {
                    append(appender, column, member);
                }
                appender.endRow();
            }
        }
        // Birthdays are asked for by month and day; interests in three forms, see Baseline.
        execute(
                "CREATE TABLE member AS SELECT "
                        + columns
                        + ", (month(birthDate) * 100 + day(birthDate))::SMALLINT AS birthMonthDay"
                        + " FROM raw_member ORDER BY id");
        execute("DROP TABLE raw_member");
        execute(
                "CREATE TABLE member_interest AS SELECT id AS member, unnest(interests) AS interest"
                        + " FROM member ORDER BY interest, member");
    }

    private static void append(DuckDBAppender appender, Column column, int member)
            throws SQLException {
        switch (column) {
            case Column.Codes codes -> {
                if (codes.codes()[member] == Column.Codes.UNSET) {
                    appender.appendNull();
                } else {
                    appender.append(codes.codes()[member]);
                }
            }
            case Column.Numbers numbers -> {
                if (numbers.scaled()[member] == Column.Numbers.UNSET) {
                    appender.appendNull();
                } else {
                    appender.append(numbers.scaled()[member]);
                }
            }
            case Column.Days days -> {
                if (days.epochDays()[member] == Column.Days.UNSET) {
                    appender.appendNull();
                } else {
                    appender.appendEpochDays(days.epochDays()[member]);
                }
            }
            case Column.Moments moments -> {
                if (moments.millis()[member] == Column.Moments.UNSET) {
                    appender.appendNull();
                } else {
                    appender.append(moments.millis()[member]);
                }
            }
            case Column.Flags flags -> {
                if (flags.flags()[member] == Column.Flags.UNSET) {
                    appender.appendNull();
                } else {
                    appender.append(flags.flags()[member] == 1);
                }
            }
            case Column.Places places -> {
                if (places.isUnset(member)) {
                    appender.appendNull().appendNull();
                } else {
                    appender.append(places.latitudes()[member]);
                    appender.append(places.longitudes()[member]);
                }
            }
            case Column.Sets sets -> appender.append(sets.masks()[member]);
        }
    }

    private void loadPurchases(World world) throws SQLException {
        Purchases purchases = world.purchases;
        execute(
                "CREATE TABLE purchase_by_time (member INTEGER, bought TIMESTAMP_MS, amount"
                        + " DECIMAL(9,2), category UTINYINT, store USMALLINT, channel UTINYINT)");
        for (int from = 0; from < purchases.count(); from += CHUNK) {
            int to = (int) Math.min((long) from + CHUNK, purchases.count());
            execute(
                    "CREATE TABLE raw_purchase (member INTEGER, bought BIGINT, amount DECIMAL(9,2),"
                            + " category TINYINT, store SMALLINT, channel TINYINT)");
            try (DuckDBAppender appender = appender("raw_purchase")) {
                for (int i = from; i < to; i++) {
                    appender.beginRow()
                            .append(purchases.buyers[i])
                            .append(purchases.times[i])
                            .appendDecimal((int) purchases.cents[i])
                            .append(purchases.categories[i])
                            .append(purchases.stores[i])
                            .append(purchases.channels[i])
                            .endRow();
                }
            }
            execute(
                    "INSERT INTO purchase_by_time SELECT member, "
                            + time("bought")
                            + ", amount, category, store, channel FROM raw_purchase");
            execute("DROP TABLE raw_purchase");
        }
        execute(
                "CREATE TABLE purchase_by_member AS SELECT * FROM purchase_by_time ORDER BY member,"
                        + " bought");
    }

    private void createEnum(String name, List<String> words) throws SQLException {
        execute(
                "CREATE TYPE "
                        + name
                        + " AS ENUM ("
                        + words.stream()
                                .map(word -> "'" + word + "'")
                                .collect(Collectors.joining(", "))
                        + ")");
    }

    private static String time(String column) {
        return "make_timestamp_ms(" + column + ")::TIMESTAMP_MS AS " + column;
    }

    private DuckDBAppender appender(String table) throws SQLException {
        return connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, table);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
