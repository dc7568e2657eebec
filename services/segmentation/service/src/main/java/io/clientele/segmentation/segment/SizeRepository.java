package io.clientele.segmentation.segment;

import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts recorded stays, in PostgreSQL. Every call belongs in a transaction of the program. Cost: a
 * pass over the segments' stays by index.
 */
@ApplicationScoped
public class SizeRepository {
    private final Statements statements;

    @Inject
    SizeRepository(Statements statements) {
        this.statements = statements;
    }

    private record Bucket(String segment, int number, long count) {}

    /**
     * How large segments were.
     *
     * @param bounds ascending, one more than intervals; each interval has its begin and not its end
     */
    public Map<SegmentKey, SizeSeries> sizes(
            ProgramId program, List<SegmentKey> segments, List<Instant> bounds) {
        int intervals = bounds.size() - 1;
        var keys = segments.stream().map(SegmentKey::value).toArray(String[]::new);
        var before = new HashMap<String, Long>();
        for (var bucket :
                statements.query(
                        "select segment, 0, count(*) from membership where program = ? and segment"
                            + " = any(?::text[]) and superseded_at is null and since < ? and (until"
                            + " is null or until >= ?) group by segment",
                        row -> new Bucket(row.getString(1), row.getInt(2), row.getLong(3)),
                        program.value(),
                        keys,
                        bounds.getFirst(),
                        bounds.getFirst())) {
            before.put(bucket.segment(), bucket.count());
        }
        var entered = buckets("since", program, keys, bounds);
        var left = buckets("until", program, keys, bounds);
        var series = new HashMap<SegmentKey, SizeSeries>();
        for (var segment : segments) {
            series.put(
                    segment,
                    new SizeSeries(
                            before.getOrDefault(segment.value(), 0L),
                            entered.getOrDefault(segment.value(), new long[intervals]),
                            left.getOrDefault(segment.value(), new long[intervals])));
        }
        return series;
    }

    private Map<String, long[]> buckets(
            String column, ProgramId program, String[] segments, List<Instant> bounds) {
        var counts = new HashMap<String, long[]>();
        for (var bucket :
                statements.query(
                        "select segment, width_bucket("
                                + column
                                + ", ?::text[]::timestamptz[]), count(*) from membership where"
                                + " program = ? and segment = any(?::text[]) and superseded_at is"
                                + " null and "
                                + column
                                + " >= ? and "
                                + column
                                + " < ? group by 1, 2",
                        row -> new Bucket(row.getString(1), row.getInt(2), row.getLong(3)),
                        bounds.stream().map(Instant::toString).toArray(String[]::new),
                        program.value(),
                        segments,
                        bounds.getFirst(),
                        bounds.getLast())) {
            counts.computeIfAbsent(bucket.segment(), unused -> new long[bounds.size() - 1])[
                            bucket.number() - 1] =
                    bucket.count();
        }
        return counts;
    }
}
