package io.clientele.embedded;

import java.nio.file.Path;

/**
 * How one kind of server is prepared, run and found ready. Implementations keep no state beyond
 * their {@link Setup}.
 */
sealed interface Server permits KafkaServer, KeycloakServer, MongoServer, PostgresServer {
    ServerKind kind();

    Setup setup();

    /** How clients reach it; the value of {@link ServerKind#environmentKey}. */
    String address();

    /** Ports that must be free, the first is the one of {@link #address}. */
    int[] ports();

    /** Everything that has to be done before the process starts; idempotent. */
    void prepare();

    /** The process; called after {@link #prepare}. */
    ManagedProcess.Command command();

    /**
     * Whether a process started a moment ago now serves its clients. Cheap; does not wait for more
     * than a second.
     */
    boolean isReady(ManagedProcess process);

    /** Called once after each start, when ready. */
    default void afterReady() {}

    /** Longest time a start may take. */
    default java.time.Duration startLimit() {
        return java.time.Duration.ofSeconds(120);
    }

    /** The file by which our own programs say that they are ready. */
    default Path readyFile() {
        return setup().run().resolve(kind().folder() + ".ready");
    }
}
