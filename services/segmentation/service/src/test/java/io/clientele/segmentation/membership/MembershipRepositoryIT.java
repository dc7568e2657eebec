package io.clientele.segmentation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.clientele.common.tenancy.ProgramTransactions;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.FakeProfile;
import io.clientele.segmentation.membership.RecordedStays.Place;
import io.clientele.segmentation.membership.RecordedStays.Row;
import io.clientele.testkit.KafkaResource;
import io.clientele.testkit.KeycloakResource;
import io.clientele.testkit.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The history's statements by the rows that PostgreSQL touches for them. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(KeycloakResource.class)
@QuarkusTestResource(FakeProfile.class)
@QuarkusTestResource(
        value = PostgresResource.class,
        initArgs = @ResourceArg(name = "service", value = "segmentation"))
class MembershipRepositoryIT {
    private static final ProgramId PROGRAM = new ProgramId("demo");
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MEMBERS = 400;

    @Inject MembershipRepository repository;
    @Inject MembershipPartitions partitions;
    @Inject ProgramTransactions transactions;
    @Inject AgroalDataSource dataSource;

    @Test
    void readsOnlyTheRowsOfAPlaceWhilePostgresKnowsNothingOfTheTable() {
        var rows = new ArrayList<Row>();
        var places = new HashMap<Place, Instant>();
        for (int i = 0; i < MEMBERS; i++) {
            var place = new Place(new MemberId("looked-up-" + i), new SegmentKey("looked-up"));
            rows.add(new Row(null, place, AT, null, 1, "event", "pos/" + i, AT, null));
            places.put(place, AT);
        }
        transactions.run(PROGRAM.value(), () -> repository.add(PROGRAM, rows));

        var touched =
                transactions.call(
                        PROGRAM.value(),
                        () -> {
                            List<Row> found = repository.standing(PROGRAM, places);
                            assertThat(found).hasSize(MEMBERS);
                            return touchedInTransaction();
                        });

        // Partitions of a page are read as they are; those of other years have some rows of tests.
        assertThat(touched).containsEntry("membership_2026", (long) MEMBERS);
    }

    @Test
    void keepsEachYearInAPartitionOfItsOwn() {
        var place = new Place(new MemberId("by-year"), new SegmentKey("by-year"));
        var stays = new ArrayList<Row>();
        for (var since :
                List.of("1997-12-31T23:59:59Z", "2039-12-31T23:59:59Z", "2040-01-01T00:00:00Z")) {
            var at = Instant.parse(since);
            stays.add(new Row(null, place, at, at.plusSeconds(1), 1, "event", "pos/1", at, at));
        }
        transactions.run(PROGRAM.value(), () -> repository.add(PROGRAM, stays));
        assertThat(partitionsOf("by-year"))
                .containsExactly("membership_default", "membership_default", "membership_default");

        partitions.make(2039);
        partitions.make(2039);

        assertThat(partitionsOf("by-year"))
                .containsExactly("membership_default", "membership_2039", "membership_default");
        var found =
                transactions.call(
                        PROGRAM.value(),
                        () -> repository.standing(PROGRAM, Map.of(place, Instant.EPOCH)));
        assertThat(found).hasSize(3);
        // Another program's rows stay out of sight in a partition, too.
        assertThat(
                        transactions.call(
                                "other",
                                () ->
                                        repository.standing(
                                                new ProgramId("other"),
                                                Map.of(place, Instant.EPOCH))))
                .isEmpty();
        assertThat(partitionsOf("by-year", "other")).isEmpty();
    }

    private List<String> partitionsOf(String member) {
        return partitionsOf(member, PROGRAM.value());
    }

    /** Where the stays of a member are, as a program sees it, by their beginning. */
    private List<String> partitionsOf(String member, String program) {
        return transactions.call(
                program,
                () -> {
                    var found = new ArrayList<String>();
                    try (var connection = dataSource.getConnection();
                            var statement =
                                    connection.prepareStatement(
                                            "select tableoid::regclass::text from membership where"
                                                    + " member = ? order by since")) {
                        statement.setString(1, member);
                        try (var rows = statement.executeQuery()) {
                            while (rows.next()) {
                                found.add(rows.getString(1));
                            }
                        }
                    }
                    return found;
                });
    }

    /** Rows that this transaction's looks into indexes led to, by table. */
    private Map<String, Long> touchedInTransaction() throws SQLException {
        var touched = new HashMap<String, Long>();
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select relname, seq_tup_read + idx_tup_fetch from"
                                        + " pg_stat_xact_user_tables where relname like"
                                        + " 'membership%' and seq_tup_read + idx_tup_fetch > 0")) {
            while (rows.next()) {
                touched.put(rows.getString(1), rows.getLong(2));
            }
        }
        return touched;
    }
}
