package io.clientele.embedded.servers;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ObjectDataType;

/**
 * A database whose maps hold BSON. The store gives a map that is open to whoever asks for its name:
 * each is opened here with its types, just before the superclass asks for it. The names are those
 * of the superclass.
 */
final class DurableDatabase extends H2Database {
    private final MVStore store;

    DurableDatabase(String name, MVStore store, CursorRegistry cursors) {
        // The superclass opens collections while it is made.
        this.store = store;
        super(name, store, cursors);
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(
            String collection, String index, List<IndexKey> keys, boolean sparse) {
        store.openMap(
                getFullCollectionNamespace(collection) + "._index_" + index,
                new MVMap.Builder<KeyValue, Object>()
                        .keyType(new BsonTypes.Keys())
                        .valueType(new ObjectDataType()));
        return super.openOrCreateUniqueIndex(collection, index, keys, sparse);
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(
            String collection, CollectionOptions options) {
        store.openMap(
                "databases." + getFullCollectionNamespace(collection),
                new MVMap.Builder<Object, Document>()
                        .keyType(new ObjectDataType())
                        .valueType(new BsonTypes.Documents()));
        return super.openOrCreateCollection(collection, options);
    }
}
