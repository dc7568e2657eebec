package io.clientele.profile.member;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What became of events that were not applied: the latest refusal and the latest duplicate of each
 * name. Writing the same again changes nothing.
 */
@ApplicationScoped
class Outcomes {
    private final MongoCollection<Document> outcomes;

    @Inject
    Outcomes(Store store) {
        this.outcomes = store.collection("outcomes");
    }

    /**
     * What is known of one name.
     *
     * @param refusal why it was refused last, if ever
     * @param refusedAt when
     * @param duplicateAt when it last came again without effect, if ever
     */
    record Outcome(
            @Nullable Refusal refusal,
            @Nullable Instant refusedAt,
            @Nullable Instant duplicateAt) {}

    /** Notes refusals and duplicates, by event key. */
    void note(Map<String, Refusal> refusals, List<String> duplicates, Instant now) {
        var writes = new ArrayList<WriteModel<Document>>();
        var upsert = new UpdateOptions().upsert(true);
        refusals.forEach((key, refusal) ->
                writes.add(
                        new UpdateOneModel<>(
                                Filters.eq("_id", key),
                                Updates.combine(
                                        Updates.set("reason", refusal.reason().name()),
                                        Updates.set("detail", refusal.detail()),
                                        Updates.set("refusedAt", Date.from(now))),
                                upsert)));
        for (var key : duplicates) {
            writes.add(
                    new UpdateOneModel<>(
                            Filters.eq("_id", key),
                            Updates.set("duplicateAt", Date.from(now)),
                            upsert));
        }
        if (!writes.isEmpty()) {
            var unused = outcomes.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        }
    }

    /** What is known of {@code key}. */
    Optional<Outcome> find(String key) {
        return Optional.ofNullable(outcomes.find(Filters.eq("_id", key)).first())
                .map(document -> {
                    var reason = document.getString("reason");
                    return new Outcome(
                            reason == null
                                    ? null
                                    : new Refusal(
                                            Refusal.Reason.valueOf(reason),
                                            document.getString("detail")),
                            instant(document, "refusedAt"),
                            instant(document, "duplicateAt"));
                });
    }

    private static @Nullable Instant instant(Document document, String name) {
        var date = document.getDate(name);
        return date == null ? null : date.toInstant();
    }
}
