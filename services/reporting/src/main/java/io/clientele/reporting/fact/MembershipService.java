package io.clientele.reporting.fact;

import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentMembershipRecord.Interval;
import io.clientele.reporting.fact.MembershipRepository.Place;
import io.clientele.reporting.fact.MembershipRepository.PlacedStay;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Applies membership records, each once. Reads the stays a batch touches, works in memory, and
 * writes the difference: five statements a batch, whatever its size.
 */
@ApplicationScoped
class MembershipService {
    private final MembershipRepository repository;

    @Inject
    MembershipService(MembershipRepository repository) {
        this.repository = repository;
    }

    /**
     * What a batch did.
     *
     * @param sizes by how much the number of members inside has grown, by segment
     * @param changes the changes that were new, in their order
     */
    record Applied(Map<String, Long> sizes, List<SegmentMembershipRecord.Changed> changes) {}

    /** Applies records of one program in their order, in the transaction under way. */
    Applied apply(ProgramId program, List<SegmentMembershipRecord> records) {
        var fresh = fresh(program, records);
        var from = new LinkedHashMap<Place, Instant>();
        for (var record : fresh) {
            from.merge(
                    place(record),
                    Stays.from(record),
                    (held, other) -> other.isBefore(held) ? other : held);
        }
        var before =
                from.isEmpty() ? Map.<Place, List<Interval>>of() : repository.stays(program, from);
        var after = new HashMap<>(before);
        var changes = new ArrayList<SegmentMembershipRecord.Changed>();
        for (var record : fresh) {
            after.compute(
                    place(record),
                    (place, stays) -> Stays.after(stays == null ? List.of() : stays, record));
            if (record instanceof SegmentMembershipRecord.Changed changed) {
                changes.add(changed);
            }
        }
        return new Applied(write(program, before, after), changes);
    }

    /** Without those applied before. */
    private List<SegmentMembershipRecord> fresh(
            ProgramId program, List<SegmentMembershipRecord> records) {
        var members = new ArrayList<MemberId>();
        var corrections = new ArrayList<String>();
        for (var record : records) {
            switch (record) {
                case SegmentMembershipRecord.Changed changed -> members.add(changed.member());
                case SegmentMembershipRecord.Corrected corrected -> corrections.add(id(corrected));
            }
        }
        var sequences =
                members.isEmpty()
                        ? new HashMap<MemberId, Long>()
                        : repository.sequences(program, members);
        var unseen =
                corrections.isEmpty()
                        ? new HashSet<String>()
                        : repository.addCorrections(program, corrections);
        var grown = new HashMap<MemberId, Long>();
        var fresh = new ArrayList<SegmentMembershipRecord>();
        for (var record : records) {
            switch (record) {
                case SegmentMembershipRecord.Changed changed -> {
                    if (changed.sequence() > sequences.getOrDefault(changed.member(), 0L)) {
                        sequences.put(changed.member(), changed.sequence());
                        grown.put(changed.member(), changed.sequence());
                        fresh.add(changed);
                    }
                }
                case SegmentMembershipRecord.Corrected corrected -> {
                    if (unseen.remove(id(corrected))) {
                        fresh.add(corrected);
                    }
                }
            }
        }
        if (!grown.isEmpty()) {
            repository.putSequences(program, grown);
        }
        return fresh;
    }

    private Map<String, Long> write(
            ProgramId program,
            Map<Place, List<Interval>> before,
            Map<Place, List<Interval>> after) {
        var removed = new ArrayList<PlacedStay>();
        var put = new ArrayList<PlacedStay>();
        var sizes = new TreeMap<String, Long>();
        after.forEach((place, stays) -> {
            var old = before.getOrDefault(place, List.of());
            for (var stay : old) {
                if (stays.stream().noneMatch(it -> it.since().equals(stay.since()))) {
                    removed.add(new PlacedStay(place, stay));
                }
            }
            for (var stay : stays) {
                if (!old.contains(stay)) {
                    put.add(new PlacedStay(place, stay));
                }
            }
            long grown = (isInside(stays) ? 1L : 0L) - (isInside(old) ? 1L : 0L);
            if (grown != 0) {
                sizes.merge(place.segment().value(), grown, Long::sum);
            }
        });
        if (!removed.isEmpty()) {
            repository.remove(program, removed);
        }
        if (!put.isEmpty()) {
            repository.put(program, put);
        }
        return sizes;
    }

    private static boolean isInside(List<Interval> stays) {
        return !stays.isEmpty() && stays.getLast().until() == null;
    }

    private static Place place(SegmentMembershipRecord record) {
        return new Place(record.member(), record.segment());
    }

    private static String id(SegmentMembershipRecord.Corrected record) {
        return String.join(
                ":",
                record.member().value(),
                record.segment().value(),
                record.from().toString(),
                record.recordedAt().toString(),
                record.causeId());
    }
}
