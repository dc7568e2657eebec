package io.clientele.embedded;

/** The servers of the platform, with what an operator and a service call them. */
public enum ServerKind {
    /** The identity provider. First, as it takes longest to start. */
    KEYCLOAK("Keycloak", 10, "CLIENTELE_OIDC_URL"),
    /** The broker and its controller, which has the next port. */
    KAFKA("Kafka", 11, "CLIENTELE_KAFKA_BOOTSTRAP_SERVERS"),
    /** The relational store. */
    POSTGRES("PostgreSQL", 13, "CLIENTELE_POSTGRES_URL"),
    /** The document store: speaks MongoDB's protocol, is not MongoDB. */
    MONGODB("the MongoDB-compatible store", 14, "CLIENTELE_MONGODB_URL");

    private final String title;
    private final int portOffset;
    private final String environmentKey;

    ServerKind(String title, int portOffset, String environmentKey) {
        this.title = title;
        this.portOffset = portOffset;
        this.environmentKey = environmentKey;
    }

    /** The name for people. */
    public String title() {
        return title;
    }

    /** Added to the base port. */
    public int portOffset() {
        return portOffset;
    }

    /**
     * The environment variable that holds this server's address. When it is set, the server is not
     * started.
     */
    public String environmentKey() {
        return environmentKey;
    }

    /** Names the folder, the log and the pid file. */
    String folder() {
        return switch (this) {
            case KEYCLOAK -> "keycloak";
            case KAFKA -> "kafka";
            case POSTGRES -> "postgres";
            case MONGODB -> "mongodb";
        };
    }
}
