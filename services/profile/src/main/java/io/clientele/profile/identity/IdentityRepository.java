package io.clientele.profile.identity;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import io.clientele.contracts.MemberId;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.bson.Document;

/** Which member each identity belongs to. Only ever added to. */
@ApplicationScoped
public class IdentityRepository implements Identities {
    private static final int DUPLICATE_KEY = 11000;

    private final MongoCollection<Document> identities;
    private final Clock clock;

    @Inject
    IdentityRepository(Store store, Clock clock) {
        this.identities = store.collection("identities");
        this.clock = clock;
    }

    @Override
    public Map<String, MemberId> find(Collection<String> keys) {
        var found = new HashMap<String, MemberId>();
        if (!keys.isEmpty()) {
            for (var document : identities.find(Filters.in("_id", keys))) {
                found.put(document.getString("_id"), new MemberId(document.getString("member")));
            }
        }
        return found;
    }

    @Override
    public Map<String, MemberId> claim(Map<String, MemberId> wanted) {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        var keys = new ArrayList<String>(wanted.size());
        var documents = new ArrayList<Document>(wanted.size());
        var now = Date.from(clock.instant());
        wanted.forEach((key, member) -> {
            keys.add(key);
            documents.add(
                    new Document("_id", key).append("member", member.value()).append("since", now));
        });
        var owners = new HashMap<>(wanted);
        try {
            var unused = identities.insertMany(documents, new InsertManyOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null
                    || e.getWriteErrors().stream().anyMatch(it -> it.getCode() != DUPLICATE_KEY)) {
                throw e;
            }
            owners.putAll(
                    find(
                            e.getWriteErrors().stream()
                                    .map(error -> keys.get(error.getIndex()))
                                    .toList()));
        }
        return owners;
    }
}
