package io.clientele.testkit;

import io.clientele.embedded.ServerKind;

/**
 * The store of this test JVM: in memory, or the MongoDB at {@code CLIENTELE_MONGODB_URL} when that
 * is set.
 */
class MongoStoreContractIT extends MongoStoreContract {
    @Override
    String url() {
        return TestServers.environment(ServerKind.MONGODB, "testkit")
                .getOrDefault("CLIENTELE_MONGODB_URL", "");
    }
}
