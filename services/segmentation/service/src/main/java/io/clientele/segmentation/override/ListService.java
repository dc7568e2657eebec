package io.clientele.segmentation.override;

import io.clientele.common.problem.FieldError;
import io.clientele.common.problem.RequestException;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.SegmentationError;
import io.clientele.segmentation.membership.MembershipService;
import io.clientele.segmentation.override.ListView.Unknown;
import io.clientele.segmentation.segment.Segment;
import io.clientele.segmentation.segment.SegmentKind;
import io.clientele.segmentation.segment.SegmentService;
import io.clientele.segmentation.shard.ShardReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Segments whose members are named. Thread-safe. */
@ApplicationScoped
class ListService {
    /** Members of one upload. */
    static final int LONGEST = 200_000;

    private static final int MOST_UNKNOWN_SHOWN = 1_000;

    private final SegmentService segments;
    private final OverrideService overrides;
    private final MembershipService memberships;
    private final ShardReader shards;

    @Inject
    ListService(
            SegmentService segments,
            OverrideService overrides,
            MembershipService memberships,
            ShardReader shards) {
        this.segments = segments;
        this.overrides = overrides;
        this.memberships = memberships;
        this.shards = shards;
    }

    /**
     * What an upload says.
     *
     * @param name null: as it is
     * @param members whom it names, by their place in it
     */
    record Upload(
            @Nullable String name,
            @Nullable String description,
            SortedMap<Integer, String> members) {}

    /**
     * A list as it is.
     *
     * @throws RequestException 404 if there is none of that key, 409 if it is a rule
     */
    ListView find(ProgramId program, SegmentKey key) {
        var segment = segments.find(program, key);
        if (segment.kind() != SegmentKind.LIST) {
            throw new RequestException(
                    SegmentationError.SEGMENT_IS_RULE,
                    "Segment " + key + " is a rule: GET /v1/segments/" + key + " shows it.");
        }
        return view(segment, overrides.included(program, key).size(), null, null, null);
    }

    /**
     * Makes a list of exactly the members that are named and known; publishes the difference.
     *
     * @throws RequestException 422 if it names too many, 409 if the key is that of a rule
     */
    ListView put(ProgramId program, SegmentKey key, Upload upload, String actor) {
        if (upload.members().size() > LONGEST) {
            throw new RequestException(
                    SegmentationError.SEGMENT_INVALID,
                    "A list names at most " + LONGEST + " members; this names more.",
                    List.of(new FieldError("/members", "expected at most " + LONGEST)));
        }
        var named = new TreeMap<MemberId, Integer>();
        var unknown = new TreeMap<Integer, String>();
        upload.members()
                .forEach((place, id) -> {
                    try {
                        named.putIfAbsent(new MemberId(id), place);
                    } catch (IllegalArgumentException e) {
                        unknown.put(place, id);
                    }
                });
        var known = overrides.known(program, named.keySet());
        named.forEach((member, place) -> {
            if (!known.contains(member)) {
                unknown.put(place, member.value());
            }
        });
        var outcome = segments.putList(program, key, upload.name(), upload.description(), actor);
        var before = overrides.included(program, key);
        var added = new TreeSet<>(known);
        added.removeAll(before);
        var removed = new TreeSet<>(before);
        removed.removeAll(known);
        if (!added.isEmpty() || !removed.isEmpty()) {
            overrides.apply(
                    program,
                    key,
                    new OverrideService.Change(added, List.of(), MembershipCause.IMPORT),
                    removed,
                    actor);
        }
        return view(
                outcome.segment(),
                known.size(),
                added.size(),
                removed.size(),
                unknown.entrySet().stream()
                        .limit(MOST_UNKNOWN_SHOWN)
                        .map(it -> new Unknown(it.getKey(), it.getValue()))
                        .toList());
    }

    /**
     * Makes a list of those who are in a segment now.
     *
     * @throws RequestException 404 if there is no such segment, 409 if the key is in use, 422 if
     *     the segment has too many members
     */
    ListView snapshot(
            ProgramId program,
            SegmentKey segment,
            SegmentKey key,
            @Nullable String name,
            String actor) {
        var at = shards.asOf(program);
        var members = new TreeMap<Integer, String>();
        memberships.stream(
                program,
                segment,
                at,
                part -> part.forEach(it -> members.put(members.size(), it.member().value())));
        segments.refuseTaken(program, key);
        var made = put(program, key, new Upload(name, null, members), actor);
        return made.asSnapshot(segment, at);
    }

    private static ListView view(
            Segment segment,
            int members,
            @Nullable Integer added,
            @Nullable Integer removed,
            @Nullable List<Unknown> unknown) {
        return new ListView(
                segment.key(),
                segment.name(),
                segment.description(),
                members,
                added,
                removed,
                unknown,
                segment.updatedAt(),
                segment.updatedBy(),
                null,
                null);
    }
}
