package io.clientele.profile.member;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.ProgramId;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The members. */
@ApplicationScoped
class MemberRepository {
    private final MongoCollection<Document> members;

    @Inject
    MemberRepository(Store store) {
        this.members = store.collection("members");
    }

    /** Creates the indexes; does nothing where they exist. */
    void prepare() {
        // The guarded replace names exactly these two fields: the embedded server uses an index
        // only for a query of exactly its fields.
        var unused =
                members.createIndex(
                        Indexes.ascending("_id", "version"),
                        new IndexOptions().name("guard").unique(true));
        unused =
                members.createIndex(
                        Indexes.ascending("program", "attributes.name", "attributes.value"),
                        new IndexOptions().name("attributes"));
    }

    /** A member's key in the store and on the topics. */
    static String key(ProgramId program, MemberId member) {
        return program + ":" + member;
    }

    /** Those of the members named that are there, by key. */
    Map<String, Member.State> findAll(Collection<String> keys) {
        var found = new HashMap<String, Member.State>();
        if (!keys.isEmpty()) {
            for (var document : members.find(Filters.in("_id", keys))) {
                found.put(document.getString("_id"), read(document));
            }
        }
        return found;
    }

    /** The member named, if it is there. */
    Optional<Member.State> find(ProgramId program, MemberId member) {
        return Optional.ofNullable(members.find(Filters.eq("_id", key(program, member))).first())
                .map(MemberRepository::read);
    }

    /**
     * Members in the order of their ids.
     *
     * @param program whose
     * @param attributes names and values, as JSON in its one form, that all of them have
     * @param after the id after which to begin, or null
     * @param limit at most so many
     */
    List<Member.State> list(
            ProgramId program, Map<String, String> attributes, @Nullable String after, int limit) {
        var filters = new ArrayList<Bson>();
        filters.add(Filters.eq("program", program.value()));
        attributes.forEach((name, json) ->
                filters.add(
                        Filters.elemMatch(
                                "attributes", new Document("name", name).append("value", json))));
        if (after != null) {
            filters.add(Filters.gt("_id", program + ":" + after));
        }
        return members.find(Filters.and(filters))
                .sort(Sorts.ascending("_id"))
                .limit(limit)
                .map(MemberRepository::read)
                .into(new ArrayList<>());
    }

    /**
     * Writes members, each only if the store still holds the version that was read.
     *
     * @throws IllegalStateException if another writer was faster: read again
     */
    void write(Collection<Member> changed) {
        if (changed.isEmpty()) {
            return;
        }
        var writes = new ArrayList<WriteModel<Document>>(changed.size());
        int replaced = 0;
        for (var member : changed) {
            var state = member.state();
            var document = of(state);
            if (member.version() == 0) {
                writes.add(new InsertOneModel<>(document));
            } else {
                replaced++;
                writes.add(
                        new ReplaceOneModel<>(
                                new Document("_id", document.getString("_id"))
                                        .append("version", member.version()),
                                document));
            }
        }
        try {
            var result = members.bulkWrite(writes, new BulkWriteOptions().ordered(false));
            if (result.getMatchedCount() != replaced) {
                throw new IllegalStateException(
                        "members were changed by another writer: "
                                + (replaced - result.getMatchedCount()));
            }
        } catch (MongoBulkWriteException e) {
            throw new IllegalStateException("members were written by another writer", e);
        }
    }

    private static Document of(Member.State state) {
        var totals = state.totals();
        var document =
                new Document("_id", key(state.program(), state.id()))
                        .append("version", state.version())
                        .append("program", state.program().value())
                        .append("member", state.id().value())
                        .append("revision", state.revision())
                        .append("kind", state.kind().name())
                        .append("createdAt", Date.from(state.createdAt()))
                        .append("updatedAt", Date.from(state.updatedAt()));
        var applied = state.applied();
        if (applied != null) {
            document.append("applied", EventDocuments.of(applied));
        }
        var kindSince = state.kindSince();
        if (kindSince != null) {
            document.append("kindSince", EventDocuments.of(kindSince));
        }
        if (!state.attributes().isEmpty()) {
            document.append(
                    "attributes",
                    state.attributes().stream()
                            .map(it ->
                                    EventDocuments.of(it.declared())
                                            .append("at", Date.from(it.moment().at()))
                                            .append("source", it.moment().source())
                                            .append("id", it.moment().id()))
                            .toList());
        }
        if (!state.identities().isEmpty()) {
            document.append(
                    "identities",
                    state.identities().stream()
                            .map(it -> new Document("type", it.type()).append("value", it.value()))
                            .toList());
        }
        if (!state.awaitedRetractions().isEmpty()) {
            document.append(
                    "awaitedRetractions",
                    state.awaitedRetractions().stream().map(EventDocuments::of).toList());
        }
        var sums =
                new Document("events", totals.events())
                        .append("enrollments", totals.enrollments())
                        .append("purchases", totals.purchases())
                        .append("purchaseAmount", totals.purchaseAmount().toString())
                        .append("returns", totals.returns())
                        .append("returnAmount", totals.returnAmount().toString());
        var first = totals.firstPurchaseAt();
        if (first != null) {
            sums.append("firstPurchaseAt", Date.from(first));
        }
        var last = totals.lastPurchaseAt();
        if (last != null) {
            sums.append("lastPurchaseAt", Date.from(last));
        }
        return document.append("totals", sums);
    }

    private static Member.State read(Document document) {
        var applied = document.get("applied", Document.class);
        var kindSince = document.get("kindSince", Document.class);
        return new Member.State(
                new ProgramId(document.getString("program")),
                new MemberId(document.getString("member")),
                number(document, "version"),
                number(document, "revision"),
                MemberKind.valueOf(document.getString("kind")),
                kindSince == null ? null : EventDocuments.position(kindSince),
                applied == null ? null : EventDocuments.position(applied),
                document.getList("attributes", Document.class, List.of()).stream()
                        .map(it ->
                                new AttributeVersion(
                                        EventDocuments.declared(it),
                                        new Moment(
                                                EventDocuments.instant(it, "at"),
                                                it.getString("source"),
                                                it.getString("id"))))
                        .toList(),
                document.getList("identities", Document.class, List.of()).stream()
                        .map(it -> new Identity(it.getString("type"), it.getString("value")))
                        .toList(),
                document.getList("awaitedRetractions", Document.class, List.of()).stream()
                        .map(EventDocuments::reference)
                        .toList(),
                totals(document.get("totals", Document.class)),
                EventDocuments.instant(document, "createdAt"),
                EventDocuments.instant(document, "updatedAt"));
    }

    private static Totals totals(Document document) {
        return new Totals(
                number(document, "events"),
                number(document, "enrollments"),
                number(document, "purchases"),
                new BigDecimal(document.getString("purchaseAmount")),
                number(document, "returns"),
                new BigDecimal(document.getString("returnAmount")),
                instant(document, "firstPurchaseAt"),
                instant(document, "lastPurchaseAt"));
    }

    private static @Nullable Instant instant(Document document, String name) {
        var date = document.getDate(name);
        return date == null ? null : date.toInstant();
    }

    private static long number(Document document, String name) {
        return EventDocuments.number(document, name);
    }
}
