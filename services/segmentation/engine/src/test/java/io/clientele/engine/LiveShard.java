package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;

/** A shard for tests, which keeps what it is told and holds it against a count from scratch. */
final class LiveShard {
    /** A change that was told. */
    record Told(String segment, int member, boolean entered, Instant at, Shard.Cause cause) {}

    final Shard shard;
    final List<Told> told = new ArrayList<>();
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    private final Map<String, RoaringBitmap> inside = new LinkedHashMap<>();

    LiveShard(ProgramModel model) {
        shard = new Shard(model, this::told);
    }

    private void told(String segment, int member, boolean entered, long at, Shard.Cause cause) {
        Told change = new Told(segment, member, entered, Instant.ofEpochMilli(at), cause);
        told.add(change);
        RoaringBitmap members = inside(segment);
        boolean isNew = entered ? members.checkedAdd(member) : members.checkedRemove(member);
        assertThat(isNew)
                .as("told twice: %s of %s", change, told.subList(0, told.size() - 1))
                .isTrue();
    }

    RoaringBitmap inside(String segment) {
        return Objects.requireNonNull(inside.get(segment));
    }

    Condition condition(String json) {
        return Worlds.condition(shard.model(), json);
    }

    Shard.Difference define(String key, String json) {
        Condition condition = condition(json);
        int before = told.size();
        inside.putIfAbsent(key, new RoaringBitmap());
        Shard.Difference difference = shard.define(key, condition);
        assertThat(told).as("edits are not told").hasSize(before);
        conditions.put(key, condition);
        assertThat(RoaringBitmap.intersects(difference.entered(), inside(key))).isFalse();
        assertThat(inside(key).contains(difference.left())).isTrue();
        inside(key).or(difference.entered());
        inside(key).andNot(difference.left());
        return difference;
    }

    Shard.Difference drop(String key) {
        Shard.Difference difference = shard.drop(key);
        conditions.remove(key);
        assertThat(difference.left()).isEqualTo(inside.remove(key));
        return difference;
    }

    /** Adds a purchase. */
    void buy(int member, String at, String amount) {
        buy(member, Worlds.at(at), amount);
    }

    void buy(int member, Instant at, String amount) {
        assertThat(shard.addEvent(member, "purchase", at, purchase(amount))).isTrue();
    }

    static Map<String, Object> purchase(String amount) {
        return Map.of("amount", new BigDecimal(amount));
    }

    void advance(String to) {
        shard.advanceTo(Worlds.at(to));
    }

    /** What was told of a member since the last time this was asked. */
    List<String> changes(String segment, int member) {
        List<String> changes =
                told.stream()
                        .filter(it -> it.segment().equals(segment) && it.member() == member)
                        .map(it -> (it.entered() ? "+" : "-") + it.at())
                        .toList();
        told.clear();
        return changes;
    }

    /** Holds all segments against a count from scratch. */
    void check(String as) {
        Snapshot snapshot = shard.snapshot();
        conditions.forEach((key, condition) -> {
            RoaringBitmap wanted = snapshot.members(condition, shard.clock(), 1);
            assertThat(inside(key)).as("members of %s, %s", key, as).isEqualTo(wanted);
            assertThat(shard.size(key))
                    .as("size of %s, %s", key, as)
                    .isEqualTo(wanted.getCardinality());
        });
    }
}
