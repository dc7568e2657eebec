package io.clientele.ingestion.status;

/**
 * How ingestion does. It has no freshness and no lag of its own: what it answers 202 for is in
 * Kafka.
 *
 * @param rejects of the program of the token, since this process started
 */
public record IngestionStatus(Rejects rejects) {
    /**
     * What became of events at the door.
     *
     * @param accepted Kafka acknowledged them
     * @param rejected were not valid
     */
    public record Rejects(long accepted, long rejected) {}
}
