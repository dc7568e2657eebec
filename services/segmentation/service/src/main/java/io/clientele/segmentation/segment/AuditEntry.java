package io.clientele.segmentation.segment;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One change of a segment.
 *
 * @param id grows with time
 * @param action what was done: {@code put}, {@code patch}, {@code archive}, {@code rollback},
 *     {@code list}, {@code set}, {@code overrides} (the first override), {@code override}, {@code
 *     persona}
 * @param change of each field that differs, {@code before} and {@code after}
 */
record AuditEntry(long id, String action, Instant at, String actor, Map<String, Object> change) {
    AuditEntry {
        change = Collections.unmodifiableMap(new LinkedHashMap<>(change));
    }
}
