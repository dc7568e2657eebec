package io.clientele.segmentation.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as the store {@code definitions} of a partition holds it.
 *
 * @param number the segment's number in this partition and program, from 0, never given again
 * @param revision of the latest record applied
 * @param version the present version
 * @param active whether somebody can be in it now
 * @param condition the present version's condition as it was written
 * @param phases ascending; everything the segment ever meant
 * @param quarantine why it is not evaluated until its next record; null: it is
 */
record DefinitionDocument(
        ProgramId program,
        SegmentKey segment,
        int number,
        long revision,
        int version,
        boolean active,
        JsonNode condition,
        List<StoredPhase> phases,
        @Nullable String quarantine) {
    DefinitionDocument {
        phases = List.copyOf(phases);
    }

    /** A {@link Phase} with its condition as JSON. */
    record StoredPhase(long from, int version, boolean active, JsonNode condition) {}

    /** With one more phase, in place of those that would begin with it or after it. */
    DefinitionDocument then(StoredPhase next) {
        var all = new ArrayList<>(phases);
        while (!all.isEmpty() && all.getLast().from() >= next.from()) {
            all.removeLast();
        }
        all.add(next);
        return new DefinitionDocument(
                program, segment, number, revision, version, active, condition, all, quarantine);
    }

    /** Set aside: memberships stay as they are. */
    DefinitionDocument inQuarantine(String reason) {
        return new DefinitionDocument(
                program, segment, number, revision, version, active, condition, phases, reason);
    }
}
