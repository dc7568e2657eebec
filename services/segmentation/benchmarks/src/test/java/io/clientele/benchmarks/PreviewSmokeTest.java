package io.clientele.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PreviewSmokeTest {
    @Test
    void theEngineFindsTheMembersOfTheExactEvaluatorForEveryCondition() {
        World world = World.create(5, World.DEFAULT_AT, 2_000, 20);
        var model = world.model();
        EngineSide engine = EngineSide.create(model);
        engine.addMembers(world);
        engine.addPurchases(world.purchases, 0, world.purchases.count());
        engine.publish();
        var exact = ExactHistories.of(world, model);

        PreviewConditions.read(model)
                .forEach((name, condition) -> {
                    List<Integer> expected = exact.members(condition, world.at);
                    assertThat(engine.count(condition, world.at, 2))
                            .as(name)
                            .isEqualTo(expected.size());
                    assertThat(engine.members(condition, world.at)).as(name).isEqualTo(expected);
                });
    }
}
