package io.clientele.profile.member;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.clientele.contracts.ProgramId;
import io.clientele.profile.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * How many records of each import were accepted, duplicates or refused. Each record counts once,
 * however often it is read: the counts of a partition hold the position up to which they count.
 */
@ApplicationScoped
class ImportCounts {
    /** What became of a record. */
    enum Fate {
        ACCEPTED,
        DUPLICATE,
        REFUSED
    }

    /**
     * A record of an import.
     *
     * @param program whose
     * @param importId which import
     * @param position the record
     * @param fate what became of it
     */
    record Counted(ProgramId program, String importId, Position position, Fate fate) {}

    /**
     * The counts of an import.
     *
     * @param accepted applied
     * @param duplicate known before, without effect
     * @param refused refused, in the dead letters
     */
    record Counts(long accepted, long duplicate, long refused) {
        Counts plus(Counts other) {
            return new Counts(
                    accepted + other.accepted,
                    duplicate + other.duplicate,
                    refused + other.refused);
        }

        Counts plus(Fate fate) {
            return switch (fate) {
                case ACCEPTED -> new Counts(accepted + 1, duplicate, refused);
                case DUPLICATE -> new Counts(accepted, duplicate + 1, refused);
                case REFUSED -> new Counts(accepted, duplicate, refused + 1);
            };
        }
    }

    private record Part(long version, @Nullable Position position, Counts counts) {}

    private static final Part NOTHING = new Part(0, null, new Counts(0, 0, 0));

    private final MongoCollection<Document> imports;

    @Inject
    ImportCounts(Store store) {
        this.imports = store.collection("imports");
    }

    /** Creates the indexes; does nothing where they exist. */
    void prepare() {
        var unused =
                imports.createIndex(
                        Indexes.ascending("_id", "version"),
                        new IndexOptions().name("guard").unique(true));
    }

    /**
     * Counts records, those of a partition in the order of their offsets.
     *
     * @throws IllegalStateException if another writer was faster: read again
     */
    void count(List<Counted> records) {
        if (records.isEmpty()) {
            return;
        }
        var before = find(records.stream().map(ImportCounts::key).distinct().toList());
        var after = new LinkedHashMap<String, Part>();
        for (var record : records) {
            var key = key(record);
            var part = after.getOrDefault(key, before.getOrDefault(key, NOTHING));
            if (!record.position().isIn(part.position())) {
                after.put(
                        key,
                        new Part(
                                part.version(),
                                record.position(),
                                part.counts().plus(record.fate())));
            }
        }
        write(after);
    }

    /** The counts of an import over all partitions. */
    Counts of(ProgramId program, String importId, int partitions) {
        var keys =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> key(program, importId, partition))
                        .toList();
        return find(keys).values().stream()
                .map(Part::counts)
                .reduce(NOTHING.counts(), Counts::plus);
    }

    private Map<String, Part> find(List<String> keys) {
        var found = new HashMap<String, Part>();
        for (var document : imports.find(Filters.in("_id", keys))) {
            found.put(
                    document.getString("_id"),
                    new Part(
                            document.getLong("version"),
                            EventDocuments.position(document.get("position", Document.class)),
                            new Counts(
                                    document.getLong("accepted"),
                                    document.getLong("duplicate"),
                                    document.getLong("refused"))));
        }
        return found;
    }

    private void write(Map<String, Part> parts) {
        var writes = new ArrayList<WriteModel<Document>>();
        int replaced = 0;
        for (var entry : parts.entrySet()) {
            var part = entry.getValue();
            var position = part.position();
            if (position == null) {
                continue;
            }
            var document =
                    new Document("_id", entry.getKey())
                            .append("version", part.version() + 1)
                            .append("position", EventDocuments.of(position))
                            .append("accepted", part.counts().accepted())
                            .append("duplicate", part.counts().duplicate())
                            .append("refused", part.counts().refused());
            if (part.version() == 0) {
                writes.add(new InsertOneModel<>(document));
            } else {
                replaced++;
                writes.add(
                        new ReplaceOneModel<>(
                                new Document("_id", entry.getKey())
                                        .append("version", part.version()),
                                document));
            }
        }
        if (writes.isEmpty()) {
            return;
        }
        try {
            var result = imports.bulkWrite(writes, new BulkWriteOptions().ordered(false));
            if (result.getMatchedCount() != replaced) {
                throw new IllegalStateException("import counts were changed by another writer");
            }
        } catch (MongoBulkWriteException e) {
            throw new IllegalStateException("import counts were written by another writer", e);
        }
    }

    private static String key(Counted record) {
        return key(record.program(), record.importId(), record.position().partition());
    }

    private static String key(ProgramId program, String importId, int partition) {
        return program + ":" + importId + ":" + partition;
    }
}
