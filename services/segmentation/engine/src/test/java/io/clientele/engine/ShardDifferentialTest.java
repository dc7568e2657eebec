package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Columns against the oracle, on random members, conditions and instants. */
class ShardDifferentialTest {
    @Test
    void snapshotsAgreeWithTheOracle() {
        for (long seed : Seeds.of(6_000)) {
            RandomWorld world = new RandomWorld(seed);
            List<RandomWorld> members = new ArrayList<>(List.of(world));
            for (int i = world.random.nextInt(4); i > 0; i--) {
                members.add(world.another());
            }
            Collections.shuffle(members, world.random);
            Shard shard = new Shard(world.model);
            Instant clock = world.instant();
            boolean before = world.random.nextBoolean();
            if (before) {
                shard.advanceTo(clock);
            }
            members.forEach(member -> shard.put(member.history));
            if (!before) {
                shard.advanceTo(clock);
            }
            Snapshot snapshot = shard.snapshot();
            for (int i = 0; i < 4; i++) {
                Instant at = i == 0 ? clock : world.instant();
                var satisfying = snapshot.members(world.condition, at, 1);
                for (int ordinal = 0; ordinal < members.size(); ordinal++) {
                    RandomWorld member = members.get(ordinal);
                    assertThat(satisfying.contains(ordinal))
                            .as(
                                    "member %d of %d at %s, clock %s, world of seed %d: %s",
                                    ordinal, members.size(), at, clock, seed, member.describe())
                            .isEqualTo(member.naive(at));
                }
                assertThat(snapshot.count(world.condition, at, 1))
                        .isEqualTo(satisfying.getCardinality());
            }
        }
    }
}
