package io.clientele.testkit;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What profile relies on in its store. Every store that profile is run with must do the same. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class MongoStoreContract {
    private static final int DUPLICATE_KEY = 11000;
    private MongoClient client;
    private MongoCollection<Document> members;

    /** Where the store is. */
    abstract String url();

    /** Called when the contract is through. */
    void release() {}

    @BeforeAll
    void connect() {
        client = MongoClients.create(url());
        members = client.getDatabase("clientele_store_contract").getCollection("members");
    }

    @AfterAll
    void disconnect() {
        client.getDatabase("clientele_store_contract").drop();
        client.close();
        release();
    }

    @BeforeEach
    void empty() {
        members.drop();
    }

    @Test
    void unorderedInsertManyKeepsTheNewAndNamesTheDuplicates() {
        // given
        members.insertOne(document("demo:pos:2", "first"));
        List<Document> batch =
                List.of(
                        document("demo:pos:1", "second"),
                        document("demo:pos:2", "second"),
                        document("demo:pos:3", "second"));

        // when
        assertThatThrownBy(() -> members.insertMany(batch, new InsertManyOptions().ordered(false)))
                .isInstanceOfSatisfying(
                        MongoBulkWriteException.class,
                        failure -> {
                            assertThat(failure.getWriteErrors())
                                    .extracting(BulkWriteError::getCode)
                                    .containsExactly(DUPLICATE_KEY);
                            assertThat(failure.getWriteErrors())
                                    .extracting(BulkWriteError::getIndex)
                                    .containsExactly(1);
                        });

        // then
        assertThat(values(members.find().sort(ascending("_id"))))
                .containsExactly("second", "first", "second");
    }

    @Test
    void findsManyByIdInOneCall() {
        List<Document> batch = new ArrayList<>();
        for (int number = 0; number < 1_000; number++) {
            batch.add(document("demo:m-" + number, "v" + number));
        }
        members.insertMany(batch);

        assertThat(
                        values(
                                members.find(in("_id", "demo:m-7", "demo:m-999", "demo:m-absent"))
                                        .sort(ascending("_id"))))
                .containsExactly("v7", "v999");
    }

    @Test
    void replacesOnlyWhenTheAppliedOffsetIsLower() {
        // given
        members.insertOne(document("demo:m-1", "old").append("applied", 41L));

        // when
        long higher = replaceBelow(42L, "new");
        long again = replaceBelow(42L, "again");

        // then
        assertThat(higher).isEqualTo(1);
        assertThat(again).isZero();
        assertThat(values(members.find(eq("_id", "demo:m-1")))).containsExactly("new");
    }

    private long replaceBelow(long offset, String value) {
        return members.replaceOne(
                        and(eq("_id", "demo:m-1"), lt("applied", offset)),
                        document("demo:m-1", value).append("applied", offset))
                .getMatchedCount();
    }

    @Test
    void upsertByReplacementFailsWhenTheIdExistsBehindTheCondition() {
        members.insertOne(document("demo:m-1", "old").append("applied", 41L));

        assertThatThrownBy(() ->
                        members.replaceOne(
                                and(eq("_id", "demo:m-1"), lt("applied", 41L)),
                                document("demo:m-1", "new").append("applied", 41L),
                                new ReplaceOptions().upsert(true)))
                .isInstanceOfSatisfying(
                        MongoWriteException.class,
                        failure -> assertThat(failure.getCode()).isEqualTo(DUPLICATE_KEY));
        assertThat(values(members.find())).containsExactly("old");
    }

    @Test
    void uniqueIndexRefusesASecondDocument() {
        members.createIndex(Indexes.ascending("program", "hash"), new IndexOptions().unique(true));
        members.insertOne(new Document("_id", 1).append("program", "demo").append("hash", "h"));
        members.insertOne(new Document("_id", 2).append("program", "other").append("hash", "h"));

        assertThatThrownBy(() ->
                        members.insertOne(
                                new Document("_id", 3)
                                        .append("program", "demo")
                                        .append("hash", "h")))
                .isInstanceOfSatisfying(
                        MongoWriteException.class,
                        failure -> assertThat(failure.getCode()).isEqualTo(DUPLICATE_KEY));
        assertThat(members.countDocuments()).isEqualTo(2);
    }

    @Test
    void findOneAndUpdateReturnsTheDocumentAfterwards() {
        FindOneAndUpdateOptions after =
                new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);

        Document first = members.findOneAndUpdate(eq("_id", "demo"), inc("sequence", 1L), after);
        Document second = members.findOneAndUpdate(eq("_id", "demo"), inc("sequence", 1L), after);

        assertThat(first).isEqualTo(new Document("_id", "demo").append("sequence", 1L));
        assertThat(second).isEqualTo(new Document("_id", "demo").append("sequence", 2L));
    }

    @Test
    void bulkWriteMixesOperationsAndCountsThem() {
        members.insertMany(List.of(document("a", "1"), document("b", "1"), document("c", "1")));

        var result =
                members.bulkWrite(
                        List.of(
                                new InsertOneModel<>(document("d", "2")),
                                new ReplaceOneModel<>(eq("_id", "a"), document("a", "2")),
                                new UpdateOneModel<>(eq("_id", "b"), set("value", "2")),
                                new DeleteOneModel<>(eq("_id", "c")),
                                new ReplaceOneModel<>(
                                        eq("_id", "e"),
                                        document("e", "2"),
                                        new ReplaceOptions().upsert(true))),
                        new BulkWriteOptions().ordered(false));

        assertThat(result.getInsertedCount()).isEqualTo(1);
        assertThat(result.getMatchedCount()).isEqualTo(2);
        assertThat(result.getDeletedCount()).isEqualTo(1);
        assertThat(result.getUpserts()).hasSize(1);
        assertThat(
                        members.find()
                                .sort(ascending("_id"))
                                .map(found -> found.getString("_id") + found.getString("value")))
                .containsExactly("a2", "b2", "d2", "e2");
    }

    @Test
    void unorderedBulkOfConditionedReplacementsAppliesThoseThatMatch() {
        members.insertMany(
                List.of(
                        document("a", "old").append("applied", 5L),
                        document("b", "old").append("applied", 9L)));

        var result =
                members.bulkWrite(
                        List.of(
                                new ReplaceOneModel<>(
                                        and(eq("_id", "a"), lt("applied", 7L)),
                                        document("a", "new").append("applied", 7L)),
                                new ReplaceOneModel<>(
                                        and(eq("_id", "b"), lt("applied", 7L)),
                                        document("b", "new").append("applied", 7L))),
                        new BulkWriteOptions().ordered(false));

        assertThat(result.getMatchedCount()).isEqualTo(1);
        assertThat(values(members.find().sort(ascending("_id")))).containsExactly("new", "old");
    }

    @Test
    void pagesInTheOrderOfACompoundIndex() {
        members.createIndex(Indexes.ascending("member", "occurredAt", "_id"));
        Instant start = Instant.parse("2026-11-01T00:00:00Z");
        for (int number = 0; number < 10; number++) {
            members.insertOne(
                    document("e" + number, "v" + number)
                            .append("member", "demo:m-1")
                            .append(
                                    "occurredAt",
                                    Date.from(start.plusSeconds(60L * (9 - number)))));
        }

        assertThat(
                        values(
                                members.find(
                                                and(
                                                        eq("member", "demo:m-1"),
                                                        gt(
                                                                "occurredAt",
                                                                Date.from(start.plusSeconds(120)))))
                                        .sort(ascending("occurredAt", "_id"))
                                        .limit(3)))
                .containsExactly("v6", "v5", "v4");
    }

    @Test
    void keepsTypesExactly() {
        Document document =
                new Document("_id", "types")
                        .append("amount", Decimal128.parse("84.000001"))
                        .append("at", Date.from(Instant.parse("2026-11-01T10:15:00.123Z")))
                        .append("long", Long.MAX_VALUE)
                        .append("text", "Grüße 日本")
                        .append("list", List.of("a", new Document("deep", List.of(1, 2L, 3.5))))
                        .append("nothing", null)
                        .append("with-dash", true);
        members.insertOne(document);

        assertThat(members.find(eq("_id", "types")).first()).isEqualTo(document);
    }

    private static Document document(String id, String value) {
        return new Document("_id", id).append("value", value);
    }

    private static List<String> values(Iterable<Document> found) {
        List<String> values = new ArrayList<>();
        found.forEach(document -> values.add(document.getString("value")));
        return values;
    }
}
