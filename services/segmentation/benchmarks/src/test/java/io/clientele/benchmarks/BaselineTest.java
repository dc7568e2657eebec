package io.clientele.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaselineTest {
    /**
     * Members for the build; the exact evaluator was asked about 5,000 by {@code -Dtest.members}.
     */
    private static final int MEMBERS = Integer.getInteger("test.members", 1_000);

    @ParameterizedTest
    @CsvSource({"1, 2026-07-01T05:00:00Z", "2, 2026-02-25T20:00:00Z", "3, 2028-02-24T05:00:00Z"})
    void everyWayToAskDuckDbFindsTheMembersOfTheExactEvaluator(long seed, Instant at)
            throws Exception {
        World world = World.create(seed, at, MEMBERS, 20);
        var model = world.model();
        Map<String, Condition> conditions = PreviewConditions.read(model);
        var baseline = new Baseline(world);
        assertThat(baseline.conditions()).isEqualTo(conditions.keySet());
        var exact = ExactHistories.of(world, model);
        try (DuckDb duckDb = DuckDb.load(world, 2)) {
            for (var condition : conditions.entrySet()) {
                List<Integer> expected = exact.members(condition.getValue(), at);
                for (Baseline.Query query : baseline.ways(condition.getKey())) {
                    assertThat(duckDb.members(query.sql()))
                            .as("%s, %s, seed %s", condition.getKey(), query.way(), seed)
                            .isEqualTo(expected);
                }
            }
        }
    }
}
