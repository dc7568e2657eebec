package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedSchemaTest {
    @Test
    void acceptsEveryCondition() {
        for (long seed : Seeds.of(400)) {
            RandomWorld world = new RandomWorld(seed);
            assertThat(PublishedSchema.problems(world.json)).as(world.describe()).isEmpty();
            assertThat(PublishedSchema.problems(Conditions.write(world.condition)))
                    .as(world.describe())
                    .isEmpty();
        }
    }

    @Test
    void acceptsWhateverIsReadAfterSomeDamage() {
        for (long seed : Seeds.of(1_500)) {
            RandomWorld world = new RandomWorld(seed);
            JsonNode damaged = world.json.deepCopy();
            damage(damaged, new Random(seed));
            try {
                Conditions.read(damaged, world.model);
            } catch (InvalidConditionException refused) {
                continue;
            }
            assertThat(PublishedSchema.problems(damaged)).as(damaged.toString()).isEmpty();
        }
    }

    /** Takes something away, puts something else in its place, or adds something. */
    private static void damage(JsonNode tree, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(tree, containers);
        JsonNode one = containers.get(random.nextInt(containers.size()));
        JsonNode other = containers.get(random.nextInt(containers.size())).deepCopy();
        JsonNode value =
                switch (random.nextInt(4)) {
                    case 0 -> other;
                    case 1 -> JsonNodeFactory.instance.numberNode(random.nextInt(3));
                    case 2 -> JsonNodeFactory.instance.textNode("P2D");
                    default -> JsonNodeFactory.instance.booleanNode(true);
                };
        if (one instanceof ObjectNode object) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            String key = keys.isEmpty() ? "all" : keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(3)) {
                case 0 -> object.remove(key);
                case 1 -> object.set(key, value);
                default ->
                        object.set(
                                List.of("exists", "zone", "within", "atLeast", "setWithin", "not")
                                        .get(random.nextInt(6)),
                                value);
            }
        } else if (one instanceof ArrayNode array) {
            if (!array.isEmpty() && random.nextBoolean()) {
                array.remove(random.nextInt(array.size()));
            } else {
                array.add(value);
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) {
            into.add(node);
            node.forEach(child -> collect(child, into));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{'al':[]}",
                "{'all':[],'any':[]}",
                "{'all':{}}",
                "{'all':[],'x':1}",
                "{'not':[]}",
                "{'of':[{'all':[]}]}",
                "{'atLeast':0,'of':[{'all':[]}]}",
                "{'atLeast':1.5,'of':[{'all':[]}]}",
                "{'attribute':'country'}",
                "{'attribute':'','exists':true}",
                "{'attribute':'country','equal':'TH'}",
                "{'attribute':'country','equals':'a','startsWith':'b'}",
                "{'attribute':'country','equals':'a','setWithin':'P1D','startsWith':'b'}",
                "{'attribute':'country','exists':false}",
                "{'attribute':'country','in':[]}",
                "{'attribute':'country','in':['a',1]}",
                "{'attribute':'income','between':[1]}",
                "{'attribute':'country','setWithin':'P1Y'}",
                "{'attribute':'birthDate','before':'yesterday'}",
                "{'attribute':'birthDate','exists':true,'zone':'mine'}",
                "{'attribute':'home','withinKm':{'of':{'latitude':91,'longitude':0},'km':5}}",
                "{'attribute':'home','withinKm':{'of':{'store':'s1','latitude':1},'km':5}}",
                "{'attribute':'home','withinKm':{'of':{'store':'s1'},'km':-1}}",
                "{'score':'rfm.group'}",
                "{'score':'rfm.group','equals':'x','setWithin':'P1D'}",
                "{'event':'purchase','within':{'last':'P1M'}}",
                "{'event':'purchase','within':{'last':'P0D'}}",
                "{'event':'purchase','within':{}}",
                "{'event':'purchase','within':{'current':'moth'}}",
                "{'event':'purchase','within':{'from':'2026-02-01','to':{'ago':'P1D'}}}",
                "{'event':'purchase','within':{'last':'P1D','current':'day'}}",
                "{'event':'purchase','where':{}}",
                "{'event':'purchase','where':{'property':'store'}}",
                "{'event':'purchase','where':{'all':[{'property':'store','equals':1,'in':[1]}]}}",
                "{'event':'purchase','measure':'sum','atLeast':1}",
                "{'event':'purchase','measure':{'count':'store'},'atLeast':1}",
                "{'event':'purchase','measure':{'sum':'amount'}}",
                "{'event':'purchase','measure':{'sum':'amount'},'exists':true}",
                "{'event':'purchase','measure':{'sum':'a','min':'a'},'atLeast':1}",
                "{'event':'purchase','measure':{'share':{'of':'amount'}},'atLeast':1}",
                "{'segment':5}",
                "{'entered':{'segment':'vip'},'atLeast':2}",
                "{'left':'vip'}",
                "{'trend':{'event':'purchase','period':'P90D'}}",
                "{'trend':{'event':'purchase'},'atMost':0}",
                "{'trend':{'event':'purchase','measure':'last','period':'P9D'},'atMost':0}",
                "{'trend':{'event':'purchase','within':{},'period':'P9D'},'atMost':0}",
                "{'sequence':[{'event':'purchase'}],'span':'P7D'}",
                "{'sequence':[{'event':'purchase'},{'event':'return','absent':false}],'span':'P7D'}",
                "{'sequence':[{'event':'purchase'},{'event':'return'}]}",
                "{'sample':{'percent':101,'salt':'a'}}",
                "{'sample':{'percent':1}}"
            })
    void refusesAWrongShape(String text) {
        assertThat(PublishedSchema.problems(Worlds.json(text.replace('\'', '"')))).isNotEmpty();
    }
}
