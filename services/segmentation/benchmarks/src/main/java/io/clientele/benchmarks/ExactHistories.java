package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import io.clientele.engine.Evaluator;
import io.clientele.engine.MemberHistory;
import io.clientele.engine.ProgramModel;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small world as the exact evaluator knows it: the truth for the others. One thread at a time.
 */
final class ExactHistories {
    private static final String SOURCE = "world";

    private final ProgramModel model;
    private final Evaluator evaluator;
    private final List<MemberHistory> histories = new ArrayList<>();

    ExactHistories(ProgramModel model) {
        this.model = model;
        evaluator = new Evaluator(model);
    }

    static ExactHistories of(World world, ProgramModel model) {
        ExactHistories made = new ExactHistories(model);
        made.addMembers(world);
        made.addPurchases(world.purchases, 0, world.purchases.count());
        return made;
    }

    void addMembers(World world) {
        Instant begin = world.at.minus(World.HISTORY);
        for (int member = 0; member < world.members; member++) {
            MemberHistory history = new MemberHistory(World.id(member));
            for (Column column : world.columns) {
                String name = column.name();
                history.addAttribute(model, name, column.value(member), begin, SOURCE, name);
            }
            histories.add(history);
        }
    }

    void addPurchases(Purchases purchases, int from, int to) {
        for (int i = from; i < to; i++) {
            Map<String, Object> properties =
                    Map.of(
                            "amount",
                            BigDecimal.valueOf(purchases.cents[i], 2),
                            "category",
                            World.CATEGORIES.get(purchases.categories[i]),
                            "store",
                            World.STORES.get(purchases.stores[i]),
                            "channel",
                            World.CHANNELS.get(purchases.channels[i]));
            histories
                    .get(purchases.buyers[i])
                    .addEvent(
                            model,
                            SOURCE,
                            "p-" + i,
                            World.PURCHASE,
                            Instant.ofEpochMilli(purchases.times[i]),
                            properties);
        }
    }

    /** The numbers of the members who satisfy the condition, in order. */
    List<Integer> members(Condition condition, Instant at) {
        List<Integer> found = new ArrayList<>();
        for (int member = 0; member < histories.size(); member++) {
            if (evaluator.matches(condition, histories.get(member), at)) {
                found.add(member);
            }
        }
        return found;
    }
}
