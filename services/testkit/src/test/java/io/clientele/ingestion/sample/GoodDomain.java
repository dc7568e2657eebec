package io.clientele.ingestion.sample;

import java.time.Instant;
import java.util.List;

/** Plain Java. */
public record GoodDomain(long id, Instant at, List<String> names, byte[] hash, Kind kind) {
    /** Nested types belong to it. */
    public enum Kind {
        ONE,
        OTHER
    }
}
