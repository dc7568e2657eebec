package io.clientele.profile.member;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Every event that was applied: the truth from which all else can be made again. */
@ApplicationScoped
class EventRepository {
    private static final int DUPLICATE_KEY = 11000;

    private final MongoCollection<Document> events;

    @Inject
    EventRepository(Store store) {
        this.events = store.collection("events");
    }

    /** Creates the indexes; does nothing where they exist. */
    void prepare() {
        var unused =
                events.createIndex(
                        Indexes.compoundIndex(
                                Indexes.ascending("program", "member"),
                                Indexes.descending("occurredAt")),
                        new IndexOptions().name("timeline"));
    }

    /**
     * Inserts what is not there yet.
     *
     * @return the keys of those that were there, or that stood twice in {@code added}
     */
    Set<String> insert(List<StoredEvent> added) {
        var present = new HashSet<String>();
        if (added.isEmpty()) {
            return present;
        }
        try {
            var unused =
                    events.insertMany(
                            added.stream().map(EventDocuments::of).toList(),
                            new InsertManyOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            // Only the errors are looked at: the count of inserted documents is not reliable on
            // every server.
            for (var error : e.getWriteErrors()) {
                if (error.getCode() != DUPLICATE_KEY) {
                    throw e;
                }
                present.add(added.get(error.getIndex()).key());
            }
            if (e.getWriteConcernError() != null) {
                throw e;
            }
        }
        return present;
    }

    /** Those of the events named that are there, by key. */
    Map<String, StoredEvent> findAll(Collection<String> keys) {
        var found = new HashMap<String, StoredEvent>();
        if (!keys.isEmpty()) {
            for (var document : events.find(Filters.in("_id", keys))) {
                var event = EventDocuments.read(document);
                found.put(event.key(), event);
            }
        }
        return found;
    }

    /** The event named, if it is there. */
    Optional<StoredEvent> find(String key) {
        return Optional.ofNullable(events.find(Filters.eq("_id", key)).first())
                .map(EventDocuments::read);
    }

    /** All events of a member, in no order. */
    List<StoredEvent> ofMember(ProgramId program, MemberId member) {
        return events.find(
                        Filters.and(
                                Filters.eq("program", program.value()),
                                Filters.eq("member", member.value())))
                .map(EventDocuments::read)
                .into(new ArrayList<>());
    }

    /** All events of some members, in no order. */
    List<StoredEvent> ofMembers(ProgramId program, List<String> members) {
        return events.find(
                        Filters.and(
                                Filters.eq("program", program.value()),
                                Filters.in("member", members)))
                .map(EventDocuments::read)
                .into(new ArrayList<>());
    }

    /**
     * A member's events, the latest first.
     *
     * @param program whose member
     * @param member who
     * @param type only of this type, or null
     * @param before the event before which to begin, or null
     * @param limit at most so many
     */
    List<StoredEvent> timeline(
            ProgramId program,
            MemberId member,
            @Nullable String type,
            @Nullable Moment before,
            int limit) {
        var filter = new Document("program", program.value()).append("member", member.value());
        if (type != null) {
            filter.append("type", type);
        }
        if (before != null) {
            var at = Date.from(before.at());
            filter.append(
                    "$or",
                    List.of(
                            new Document("occurredAt", new Document("$lt", at)),
                            new Document("occurredAt", at)
                                    .append("source", new Document("$lt", before.source())),
                            new Document("occurredAt", at)
                                    .append("source", before.source())
                                    .append("id", new Document("$lt", before.id()))));
        }
        return events.find(filter)
                .sort(Sorts.descending("occurredAt", "source", "id"))
                .limit(limit)
                .map(EventDocuments::read)
                .into(new ArrayList<>());
    }

    /** Marks events as taken back. */
    void retract(Map<String, StoredEvent.Retraction> retractions) {
        if (retractions.isEmpty()) {
            return;
        }
        var writes = new ArrayList<WriteModel<Document>>();
        retractions.forEach((key, retraction) ->
                writes.add(
                        new UpdateOneModel<>(
                                Filters.eq("_id", key),
                                Updates.set("retraction", EventDocuments.of(retraction)))));
        var unused = events.bulkWrite(writes);
    }
}
