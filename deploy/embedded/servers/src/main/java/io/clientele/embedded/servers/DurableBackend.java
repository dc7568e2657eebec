package io.clientele.embedded.servers;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.Locale;
import java.util.Set;
import org.h2.mvstore.MVStore;

/**
 * Keeps documents in one file and acknowledges a write only when the operating system has it:
 * SIGKILL loses nothing that was acknowledged, a power cut up to a second. (By itself the store
 * writes once a second.) Costs about a fifth of the throughput of bulk writes.
 */
final class DurableBackend extends H2Backend {
    private static final Set<String> WRITES =
            Set.of(
                    "insert",
                    "update",
                    "delete",
                    "findandmodify",
                    "create",
                    "createindexes",
                    "drop",
                    "dropdatabase",
                    "dropindexes",
                    "renamecollection");

    private final MVStore store;

    DurableBackend(MVStore store) {
        super(store);
        this.store = store;
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
        // Called by the superclass's constructor too.
        return new DurableDatabase(name, getMvStore(), getCursorRegistry());
    }

    @Override
    public Document handleMessage(MongoMessage message) {
        try {
            return super.handleMessage(message);
        } finally {
            String command = message.getDocument().keySet().iterator().next();
            if (WRITES.contains(command.toLowerCase(Locale.ROOT))) {
                store.commit();
            }
        }
    }
}
