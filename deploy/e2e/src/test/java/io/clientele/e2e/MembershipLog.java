package io.clientele.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.SegmentMembershipRecord.Changed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What a subscriber has seen so far. Thread-safe. */
final class MembershipLog {
    private final List<MembershipFeed.Seen> seen = new ArrayList<>();

    synchronized void add(MembershipFeed.Seen change) {
        seen.add(change);
    }

    synchronized List<MembershipFeed.Seen> all() {
        return List.copyOf(seen);
    }

    /** The changes of one segment, oldest first. */
    List<MembershipFeed.Seen> of(String segment) {
        return all().stream().filter(it -> it.change().segment().value().equals(segment)).toList();
    }

    /** The changes of one member in one segment, oldest first. */
    List<MembershipFeed.Seen> of(String member, String segment) {
        return of(segment).stream()
                .filter(it -> it.change().member().value().equals(member))
                .toList();
    }

    /**
     * Checks what the contract promises of the changes of some members: each id once, each member's
     * sequence from 1 on without a gap and in order, entered and left in turn.
     */
    void assertGaplessAndUnique(Predicate<String> members) {
        var ids = new HashSet<String>();
        var last = new TreeMap<String, Long>();
        var inside = new HashSet<String>();
        for (var one : all()) {
            Changed change = one.change();
            var member = change.member().value();
            if (!members.test(member)) {
                continue;
            }
            assertThat(ids.add(change.id())).as("seen twice: %s", change).isTrue();
            assertThat(change.id())
                    .isEqualTo(change.program() + ":" + member + ":" + change.sequence());
            assertThat(change.sequence())
                    .as("sequence of %s", change)
                    .isEqualTo(last.getOrDefault(member, 0L) + 1);
            last.put(member, change.sequence());
            var place = member + " " + change.segment();
            if (change.change() == MembershipChange.ENTERED) {
                assertThat(inside.add(place)).as("entered twice: %s", change).isTrue();
            } else {
                assertThat(inside.remove(place)).as("left without being in: %s", change).isTrue();
            }
        }
    }

    /** Who is in a segment when all changes are applied in their order. */
    Set<String> insideNow(String segment) {
        var inside = new TreeSet<String>();
        for (var one : of(segment)) {
            if (one.change().change() == MembershipChange.ENTERED) {
                inside.add(one.change().member().value());
            } else {
                inside.remove(one.change().member().value());
            }
        }
        return inside;
    }

    /** By member, when it last left a segment. */
    Map<String, Instant> lastLeft(String segment) {
        var left = new TreeMap<String, Instant>();
        for (var one : of(segment)) {
            if (one.change().change() == MembershipChange.LEFT) {
                left.put(one.change().member().value(), one.change().at());
            }
        }
        return left;
    }
}
