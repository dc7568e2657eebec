package io.clientele.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clientele.engine.Condition;
import io.clientele.engine.Conditions;
import io.clientele.engine.ProgramModel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The active segments of the live figures: combinations of two to four leaves. 200 distinct leaves,
 * 40 of which depend on a purchase.
 */
final class LiveSegments {
    static final int FEW = 10;
    static final int MANY = 1_000;

    /** Leaves under the few segments: all touched by every purchase. */
    static final int SHARED_LEAVES = 20;

    private static final List<String> WINDOWS = List.of("P7D", "P30D", "P90D", "P180D", "P365D");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final ProgramModel model;
    private final World world;
    private final List<Condition> purchaseLeaves = new ArrayList<>();
    private final List<Condition> attributeLeaves = new ArrayList<>();

    LiveSegments(World world, ProgramModel model) {
        this.world = world;
        this.model = model;
        purchaseLeaves();
        attributeLeaves();
    }

    /** Those that depend on a purchase; the first {@link #SHARED_LEAVES} on every purchase. */
    List<Condition> onPurchases() {
        return List.copyOf(purchaseLeaves);
    }

    /** Those that no purchase touches. */
    List<Condition> onAttributes() {
        return List.copyOf(attributeLeaves);
    }

    /** {@link #MANY} segments over all leaves. */
    List<Condition> overAllLeaves() {
        List<Condition> leaves = new ArrayList<>(purchaseLeaves);
        leaves.addAll(attributeLeaves);
        return combinations(leaves, MANY, new SplittableRandom(1));
    }

    /** {@link #FEW} segments over the shared leaves. */
    List<Condition> few() {
        List<Condition> few = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            few.add(
                    new Condition.All(
                            List.of(purchaseLeaves.get(2 * i), purchaseLeaves.get(2 * i + 1))));
        }
        return few;
    }

    /** {@link #MANY} segments: the few, and others that no purchase touches. */
    List<Condition> fewAmongUntouched() {
        List<Condition> segments = new ArrayList<>(few());
        segments.addAll(combinations(attributeLeaves, MANY - FEW, new SplittableRandom(2)));
        return segments;
    }

    /** {@link #MANY} segments over the leaves of the few. */
    List<Condition> overSharedLeaves() {
        List<Condition> segments = new ArrayList<>(few());
        segments.addAll(
                combinations(
                        purchaseLeaves.subList(0, SHARED_LEAVES),
                        MANY - FEW,
                        new SplittableRandom(3)));
        return segments;
    }

    static Condition condition(String json, ProgramModel model) {
        try {
            return Conditions.read(MAPPER.readTree(json), model);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(json, notJson);
        }
    }

    /** Each leaf in turn, with one to three others. */
    private static List<Condition> combinations(
            List<Condition> leaves, int count, RandomGenerator random) {
        List<Condition> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Condition> parts = new ArrayList<>();
            parts.add(leaves.get(i % leaves.size()));
            int wanted = 2 + random.nextInt(3);
            while (parts.size() < wanted) {
                Condition other = leaves.get(random.nextInt(leaves.size()));
                parts.add(random.nextInt(4) == 0 ? new Condition.Not(other) : other);
            }
            segments.add(
                    switch (random.nextInt(3)) {
                        case 0 -> new Condition.Any(parts);
                        case 1 -> new Condition.AtLeast(2, parts);
                        default -> new Condition.All(parts);
                    });
        }
        return segments;
    }

    private void purchaseLeaves() {
        List<String> ofAll =
                List.of(
                        "'atLeast':1",
                        "'atLeast':3",
                        "'measure':{'sum':'amount'},'atLeast':200",
                        "'measure':{'sum':'amount'},'atLeast':1000");
        List<String> ofSome =
                List.of(
                        "'where':{'property':'category','equals':'c07'},'atLeast':1",
                        "'where':{'property':'channel','equals':'web'},'atLeast':2",
                        "'measure':{'average':'amount'},'greaterThan':60",
                        "'measure':{'distinct':'category'},'atLeast':4");
        for (List<String> shapes : List.of(ofAll, ofSome)) {
            for (String window : WINDOWS) {
                for (String shape : shapes) {
                    purchaseLeaves.add(
                            leaf(
                                    "{'event':'purchase','within':{'last':'"
                                            + window
                                            + "'},"
                                            + shape
                                            + "}"));
                }
            }
        }
    }

    private void attributeLeaves() {
        for (String name :
                List.of(
                        "country",
                        "tier",
                        "gender",
                        "membershipType",
                        "preferredChannel",
                        "language",
                        "occupation",
                        "education",
                        "maritalStatus",
                        "housing",
                        "device",
                        "acquisition")) {
            if (world.column(name) instanceof Column.Codes codes) {
                codes.words().forEach(word -> attribute(name, "'equals':'" + word + "'"));
            }
        }
        if (world.column("interests") instanceof Column.Sets sets) {
            sets.words().forEach(word -> attribute("interests", "'contains':'" + word + "'"));
        }
        for (String name : List.of("newsletter", "hasApp", "student")) {
            attribute(name, "'equals':true");
        }
        for (int age = 20; age < 80; age += 5) {
            attribute("age", "'atLeast':" + age);
        }
        for (int points = 0; points < 50_000; points += 5_000) {
            attribute("pointsBalance", "'greaterThan':" + points);
        }
        for (int size = 2; size < 8; size++) {
            attribute("householdSize", "'atLeast':" + size);
        }
    }

    private void attribute(String name, String comparison) {
        attributeLeaves.add(leaf("{'attribute':'" + name + "'," + comparison + "}"));
    }

    private Condition leaf(String json) {
        return condition(json.replace('\'', '"'), model);
    }
}
