package io.clientele.segmentation.membership;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What membership records make of the stays that are recorded. A record says where a member is from
 * an instant on; what was recorded before that instant stays. What turns out to have been otherwise
 * is marked as superseded and written anew, never changed. Instants are kept to the microsecond, as
 * PostgreSQL keeps them. Not thread-safe.
 */
final class RecordedStays {
    /** A member and a segment. */
    record Place(MemberId member, SegmentKey segment) {
        static Place of(SegmentMembershipRecord record) {
            return new Place(record.member(), record.segment());
        }
    }

    /** A stay as it stands in the table, or is to. */
    static final class Row {
        final @Nullable Long id;
        final Place place;
        final Instant since;
        final String cause;
        final @Nullable String causeId;
        final Instant recordedAt;
        @Nullable Instant until;
        @Nullable Instant untilRecordedAt;
        @Nullable Instant supersededAt;
        int version;
        private boolean changed;

        /**
         * @param id its number in the table; null if it is not there yet
         */
        Row(
                @Nullable Long id,
                Place place,
                Instant since,
                @Nullable Instant until,
                int version,
                String cause,
                @Nullable String causeId,
                Instant recordedAt,
                @Nullable Instant untilRecordedAt) {
            this.id = id;
            this.place = place;
            this.since = since;
            this.until = until;
            this.version = version;
            this.cause = cause;
            this.causeId = causeId;
            this.recordedAt = recordedAt;
            this.untilRecordedAt = untilRecordedAt;
        }

        private void supersede(Instant at) {
            supersededAt = at;
            changed = true;
        }

        private void end(@Nullable Instant at, @Nullable Instant recorded) {
            until = at;
            untilRecordedAt = recorded;
            changed = true;
        }
    }

    private final Map<Place, List<Row>> standing = new HashMap<>();
    private final List<Row> read = new ArrayList<>();
    private final List<Row> added = new ArrayList<>();

    /**
     * @param rows what stands, at least those that last or end at or after {@link #from}
     */
    RecordedStays(Collection<Row> rows) {
        for (var row : rows) {
            of(row.place).add(row);
            read.add(row);
        }
    }

    /** For each place the earliest instant of which {@code records} say anything. */
    static Map<Place, Instant> from(Collection<SegmentMembershipRecord> records) {
        var from = new HashMap<Place, Instant>();
        for (var record : records) {
            switch (record) {
                case SegmentMembershipRecord.Changed changed ->
                        earliest(from, Place.of(changed), changed.at());
                case SegmentMembershipRecord.Corrected corrected -> {
                    earliest(from, Place.of(corrected), corrected.from());
                    for (var interval : corrected.intervals()) {
                        earliest(from, Place.of(corrected), interval.since());
                    }
                }
            }
        }
        return from;
    }

    private static void earliest(Map<Place, Instant> from, Place place, Instant at) {
        from.merge(place, kept(at), (held, other) -> other.isBefore(held) ? other : held);
    }

    /** Applies a record; after those before it. */
    void apply(SegmentMembershipRecord record) {
        switch (record) {
            case SegmentMembershipRecord.Changed changed -> apply(changed);
            case SegmentMembershipRecord.Corrected corrected -> apply(corrected);
        }
    }

    /** Rows to be written, in the order in which they were recorded. */
    List<Row> added() {
        return added;
    }

    /** Rows of the table that are to be what they are here. */
    List<Row> changed() {
        return read.stream().filter(row -> row.changed).toList();
    }

    /** A change says where the member is from its instant on. */
    private void apply(SegmentMembershipRecord.Changed changed) {
        var at = kept(changed.at());
        var since =
                switch (changed.change()) {
                    case ENTERED -> at;
                    case LEFT -> null;
                };
        var saying =
                new Saying(
                        Place.of(changed),
                        changed.version(),
                        changed.cause(),
                        changed.causeId(),
                        kept(changed.recordedAt()));
        say(saying, at, since, null);
    }

    /** A correction says where the member was from its instant on, up to the present. */
    private void apply(SegmentMembershipRecord.Corrected corrected) {
        var saying =
                new Saying(
                        Place.of(corrected),
                        corrected.version(),
                        corrected.cause(),
                        corrected.causeId(),
                        kept(corrected.recordedAt()));
        var from = kept(corrected.from());
        if (corrected.intervals().isEmpty()) {
            say(saying, from, null, null);
        }
        for (var interval : corrected.intervals()) {
            var until = interval.until();
            if (until == null) {
                say(saying, from, kept(interval.since()), null);
            } else {
                say(saying, from, kept(interval.since()), kept(until));
                // Only the last lasts; from where one ends on, nothing is said yet.
                from = kept(until);
            }
        }
    }

    /** Who says something, and why. */
    private record Saying(
            Place place,
            int version,
            MembershipCause cause,
            @Nullable String causeId,
            Instant recordedAt) {}

    /** From {@code from} on the member is outside, but for the stay that is given, if any. */
    private void say(
            Saying saying, Instant from, @Nullable Instant since, @Nullable Instant until) {
        var rows = of(saying.place());
        var at = saying.recordedAt();
        for (var row : List.copyOf(rows)) {
            var ended = row.until;
            if (!row.since.isBefore(from)) {
                // What begins later never was.
                row.supersede(at);
            } else if (ended == null) {
                // What lasts ends.
                row.end(from, at);
            } else if (ended.isAfter(from)) {
                // What was said to have ended later ended then.
                row.supersede(at);
                add(
                        new Row(
                                null,
                                row.place,
                                row.since,
                                from,
                                row.version,
                                row.cause,
                                row.causeId,
                                at,
                                at));
            }
        }
        rows.removeIf(row -> row.supersededAt != null);
        if (since == null) {
            return;
        }
        var learned = until == null ? null : at;
        boolean goesOn = false;
        for (var row : rows) {
            if (since.equals(row.until)) {
                // A stay that goes on where one ends is that one.
                row.end(until, learned);
                row.version = saying.version();
                goesOn = true;
            }
        }
        if (!goesOn) {
            add(
                    new Row(
                            null,
                            saying.place(),
                            since,
                            until,
                            saying.version(),
                            MembershipRepository.text(saying.cause()),
                            saying.causeId(),
                            at,
                            learned));
        }
    }

    private void add(Row row) {
        of(row.place).add(row);
        added.add(row);
    }

    private List<Row> of(Place place) {
        return standing.computeIfAbsent(place, unused -> new ArrayList<>(2));
    }

    private static Instant kept(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
